import Concord

@main struct M {
  static func main() throws {
    var g = SystemRandomNumberGenerator()
    func naive(
      _ f: Image<Double>, _ k: Image<Double>, _ plan: ConvolutionPlan<2, Double>, conv: Bool,
      _ b: Boundary
    ) -> [Double] {
      var out: [Double] = []; let fe = f.elements, fc = f.columns, kc = k.columns
      let kk =
        conv ? Image<Double>(shape: k.shape) { k[k.rows - 1 - $0[0], k.columns - 1 - $0[1]] } : k
      let ke = kk.elements
      func idx(_ i: Int, _ n: Int) -> Int? {
        switch b {
        case .wrap: return ((i % n) + n) % n
        case .replicate: return min(max(i, 0), n - 1)
        default: return i < 0 || i >= n ? nil : i
        }
      }
      for r in 0..<plan.outputShape[0] {
        for c in 0..<plan.outputShape[1] {
          var s = 0.0
          for i in 0..<k.rows {
            for j in 0..<k.columns {
              if let y = idx(r + i + plan.firstLag(axis: 0), f.rows),
                let x = idx(c + j + plan.firstLag(axis: 1), f.columns)
              {
                s += ke[i * kc + j] * fe[y * fc + x]
              }
            }
          }
          out.append(s)
        }
      }
      return out
    }
    var worst = 0.0
    for _ in 0..<60 {
      let f = Image<Double>(shape: [
        Int.random(in: 1...40, using: &g), Int.random(in: 1...70, using: &g),
      ]) { _ in Double.random(in: -1...1) }
      let k = Image<Double>(shape: [
        Int.random(in: 1...25, using: &g), Int.random(in: 1...45, using: &g),
      ]) { _ in Double.random(in: -1...1) }
      for mode in ConvolutionMode.allCases {
        for b in [Boundary.zero, .wrap, .replicate] {
          for op in [ConvolutionOperation.convolution, .correlation] {
            for a in [ConvolutionAlgorithm.direct, .fft] {
              var o = ConvolutionOptions(mode: mode, boundary: b); o.algorithm = a;
              o.effort = .estimate
              guard let p = try? ConvolutionPlan(image: f.shape, kernel: k, op, options: o) else {
                continue
              }
              let r = try p(f)
              let n = naive(f, k, p, conv: op == .convolution, mode == .valid ? .zero : b)
              var e = 0.0, t = 0.0
              for i in 0..<n.count {
                e += (r.span[i] - n[i]) * (r.span[i] - n[i]); t += n[i] * n[i]
              }
              let rel = (e / t).squareRoot()
              if rel > 1e-13 { print("BAD", f.shape, k.shape, mode, b, op, p.choice.strategy, rel) }
              worst = max(worst, rel)
            }
          }
        }
      }
    }
    print(worst)
  }
}

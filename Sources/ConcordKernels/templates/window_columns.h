// The first half of window sums: along the axis of rows, from copies of the rows, turned into the ring
// that window_rows.h goes on from. Needs T, NAME, ISA_NAME, WIDE and window_rows.h.
//
// WIDE output rows are done at a time, from left to right.

typedef T NAME(slice) __attribute__((vector_size(WIDE * sizeof(T)), aligned(sizeof(T))));

typedef struct {
  ISA_NAME(row_pass) pass;
  ISA_NAME(split) split;
  ptrdiff_t width;
  int inputs, sums;
  // As in the second half, for every column.
  double *groups, *since, *rests;
  ptrdiff_t position, rest_position;
  // The rows at hand: those that windows begin with, and those that are new.
  const T *rows[CONCORD_WINDOW_SUMS][2 * WIDE];
  // Where the new rows are read, which are copied on the way.
  const T *fresh[CONCORD_WINDOW_SUMS][WIDE];
  // Copies of the rows that windows span, in a ring: rows of an image whose distance is a power of two
  // would drive each other out of the cache.
  T *copies[CONCORD_WINDOW_SUMS];
  ptrdiff_t copied_rows, stride;
  // The image's column that each column of the source stands for; -1 for the constant.
  ptrdiff_t *sources;
} NAME(window_state);

// One of the things to be summed, for WIDE columns of a row.
INLINE V NAME(window_term)(const T *const rows[][2 * WIDE], const double *shifts, const int what,
                           int image, ptrdiff_t row, ptrdiff_t column) {
#define VALUE(I) __builtin_convertvector(*(const NAME(slice) *)(rows[I][row] + column), V)
  const V x = what == OF_CENTRED_B || what == OF_BB ? VALUE(1) : VALUE(what == OF_EACH ? image : 0);
  if (what == OF_A || what == OF_EACH) return x;
  const V y = what == OF_AB || what == OF_DIFFERENCE || what == OF_PRODUCT ? VALUE(1) : x;
  if (what == OF_DIFFERENCE) return x * x - y * y;
  if (what == OF_PRODUCT) return x * y;
  const V centred = x - shifts[what == OF_CENTRED_B || what == OF_BB];
  if (what == OF_CENTRED_A || what == OF_CENTRED_B) return centred;
  return centred * (what == OF_AB ? y - shifts[1] : centred);
#undef VALUE
}

// Copies the new rows of the images that a pass is the first to read, and asks for what they go on with:
// processors don't look ahead in so many rows, nor beyond a page.
#define AHEAD 128
INLINE void NAME(keep_fresh)(const T *const fresh[][WIDE], const T *const rows[][2 * WIDE],
                             const int what, int image, ptrdiff_t first, ptrdiff_t column) {
  if (what == OF_AA || what == OF_BB || what == OF_AB) return;
  const int both = what == OF_DIFFERENCE || what == OF_PRODUCT;
  UNROLL for (int k = 0; k < 1 + both; k++) {
    const int of = both ? k : what == OF_EACH ? image : what == OF_CENTRED_B;
    NAME(slice) kept[WIDE];
    UNROLL for (int l = 0; l < WIDE; l++) {
      kept[l] = *(const NAME(slice) *)(fresh[of][l] + column);
      __builtin_prefetch(fresh[of][l] + column + AHEAD, 0, 2);
    }
    UNROLL for (int l = 0; l < WIDE; l++)
      *(NAME(slice) *)((T *)rows[of][first + l] + column) = kept[l];
  }
}

#undef AHEAD

#define TERM(ROW, COLUMN) NAME(window_term)(rows, shifts, what, sum, ROW, COLUMN)

// Sums of windows of rows in the columns from `first` on, turned, into the ring.
INLINE void NAME(sum_columns)(NAME(window_state) *s, const int what, const int block, int sum,
                              ptrdiff_t first, ptrdiff_t end) {
  const T *rows[CONCORD_WINDOW_SUMS][2 * WIDE];
  for (int k = 0; k < s->inputs; k++)
    for (int i = 0; i < 2 * WIDE; i++) rows[k][i] = s->rows[k][i];
  const T *fresh[CONCORD_WINDOW_SUMS][WIDE];
  for (int k = 0; k < s->inputs; k++)
    for (int i = 0; i < WIDE; i++) fresh[k][i] = s->fresh[k][i];
  const double shifts[] = {s->pass.tile->shifts[0], s->pass.tile->shifts[1]};
  const ptrdiff_t rest = s->split.rest, groups = s->split.groups, ring = s->pass.ring;
  const ptrdiff_t width = s->width, next = block == WIDE ? WIDE - 1 : s->split.window;
  double *group = s->groups + (sum * groups + s->position) * width;
  double *kept = s->rests + (sum * (groups + 1) + s->rest_position) * width;
  double *since = s->since + sum * width;
  V *columns = s->pass.columns + sum * (ring + WIDE);
  const ptrdiff_t line_stride = s->pass.line_stride;
  double *line = s->pass.lines + sum * WIDE * line_stride - s->pass.line_first;
  const int grouped = block == WIDE, isFirst = s->position == 0;
  for (ptrdiff_t c = first; c < end; c += WIDE) {
    V z[WIDE];
    NAME(keep_fresh)(fresh, rows, what, sum, block == WIDE ? WIDE - 1 : s->split.window - 1, c);
    if (block == 2 && rest == 2) {
      // Windows of 3 rows: every element is read and squared once.
      V x[WIDE + 2];
      UNROLL for (int l = 0; l < WIDE + 2; l++) x[l] = TERM(l, c);
      UNROLL for (int o = 0; o < WIDE; o += 2) {
        const V core = x[o + 1] + x[o + 2];
        z[o] = core + x[o], z[o + 1] = core + x[o + 3];
      }
    } else UNROLL for (int o = 0; o < WIDE; o += block) {
      V core = (V){0}, before[WIDE], after[WIDE];
      if (!grouped)
        for (ptrdiff_t i = 0; i < rest; i++) core += TERM(o + block - 1 + i, c);
      UNROLL for (int l = 0; l < block - 1; l++) before[l] = TERM(o + l, c);
      UNROLL for (int l = 0; l < block - 1 + grouped; l++) after[l] = TERM(next + o + l, c);
      if (grouped && rest) {
        core = *(V *)(kept + c);
        *(V *)(kept + c) = ISA_NAME(tail)(after, rest);
      }
      if (grouped && groups) {
        const V sums = isFirst ? (V){0} : *(const V *)(since + c);
        const V total = ISA_NAME(total)(after);
        core += *(const V *)(group + c) + sums;
        *(V *)(group + c) = total;
        *(V *)(since + c) = sums + total;
      }
      ISA_NAME(spread)(block, core, before, after, z + o);
    }
    if (s->pass.lines) {
      UNROLL for (int i = 0; i < WIDE; i++) *(V *)(line + i * line_stride + c) = z[i];
      continue;
    }
    ISA_NAME(turn_wide)(z);
    const ptrdiff_t slot = c & (ring - 1);
    UNROLL for (int i = 0; i < WIDE; i++) columns[slot + i] = z[i];
    if (slot == 0) UNROLL for (int i = 0; i < WIDE; i++) columns[ring + i] = z[i];
  }
}

// Sums of the WIDE rows of a group before the first, which only prepare the windows that follow.
INLINE void NAME(prepare_columns)(NAME(window_state) *s, const int what, int sum, ptrdiff_t group,
                                  ptrdiff_t first, ptrdiff_t end) {
  const ptrdiff_t rest = s->split.rest, groups = s->split.groups;
  const T *const (*rows)[2 * WIDE] = (const T *const (*)[2 * WIDE])s->rows;
  const double *shifts = s->pass.tile->shifts;
  double *total = s->groups + (sum * groups + groups + group) * s->width;
  double *kept = s->rests + (sum * (groups + 1) + groups + 1 + group) * s->width;
  for (ptrdiff_t c = first; c < end; c += WIDE) {
    V x[WIDE];
    UNROLL for (int l = 0; l < WIDE; l++) x[l] = TERM(WIDE - 1 + l, c);
    if (group >= -groups) *(V *)(total + c) = ISA_NAME(total)(x);
    if (rest) *(V *)(kept + c) = ISA_NAME(tail)(x, rest);
  }
}

#undef TERM

#define COLUMNS(WHAT)                                                                             \
  static void NAME(columns_##WHAT)(NAME(window_state) * s, int sum, ptrdiff_t group,              \
                                   ptrdiff_t first, ptrdiff_t end) {                              \
    if (group < 0)                                                                                \
      NAME(prepare_columns)(s, WHAT, sum, group, first, end);                                     \
    else if (s->split.block == WIDE)                                                              \
      NAME(sum_columns)(s, WHAT, WIDE, sum, first, end);                                          \
    else if (s->split.block == 1)                                                                 \
      NAME(sum_columns)(s, WHAT, 1, sum, first, end);                                             \
    else if (s->split.block == 2)                                                                 \
      NAME(sum_columns)(s, WHAT, 2, sum, first, end);                                             \
    else                                                                                          \
      NAME(sum_columns)(s, WHAT, WIDE / 2, sum, first, end);                                      \
  }
COLUMNS(OF_A)
COLUMNS(OF_CENTRED_A)
COLUMNS(OF_CENTRED_B)
COLUMNS(OF_AA)
COLUMNS(OF_BB)
COLUMNS(OF_AB)
COLUMNS(OF_DIFFERENCE)
COLUMNS(OF_EACH)
COLUMNS(OF_PRODUCT)
#undef COLUMNS

// One of the sums of rows, for columns `first` ..< `end`; a group below 0 only prepares.
static void NAME(all_columns)(NAME(window_state) *s, int sum, ptrdiff_t group, ptrdiff_t first,
                              ptrdiff_t end) {
  typedef void (*pass)(NAME(window_state) *, int, ptrdiff_t, ptrdiff_t, ptrdiff_t);
  static const pass passes[] = {
      NAME(columns_OF_A),  NAME(columns_OF_CENTRED_A), NAME(columns_OF_CENTRED_B),
      NAME(columns_OF_AA), NAME(columns_OF_BB),        NAME(columns_OF_AB),
      NAME(columns_OF_DIFFERENCE), NAME(columns_OF_EACH), NAME(columns_OF_PRODUCT)};
  static const char what[][CONCORD_WINDOW_SUMS] = {
      {OF_A},
      {OF_CENTRED_A, OF_AA},
      {OF_DIFFERENCE},
      {OF_CENTRED_A, OF_CENTRED_B, OF_AB},
      {OF_CENTRED_A, OF_CENTRED_B, OF_AA, OF_BB, OF_AB},
      {OF_EACH, OF_EACH, OF_EACH, OF_EACH, OF_EACH},
      {OF_PRODUCT}};
  passes[(int)what[s->pass.tile->term][sum]](s, sum, group, first, end);
}

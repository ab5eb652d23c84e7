"""A library as a contender: answers jobs on standard input, one line of JSON each.

    python worker.py scipy

Importing, reading files and preparing are done before a run is timed; what a user would keep between
calls (plans, spectra of kernels) is kept. The lines are described in Benchmarks/README.md.
"""

import ctypes
import gc
import importlib
import json
import os
import sys
import time

from problems import Problem


class Memory:
    """This process's resident memory, as Linux counts it."""

    @staticmethod
    def _bytes(key):
        try:
            with open("/proc/self/status") as file:
                for line in file:
                    if line.startswith(key):
                        return int(line.split()[1]) * 1024
        except OSError:
            pass
        return None

    @classmethod
    def start(cls):
        """Forgets the peak, and returns what is resident."""
        gc.collect()
        try:
            ctypes.CDLL(None).malloc_trim(0)
            with open("/proc/self/clear_refs", "w") as file:
                file.write("5")
        except (OSError, AttributeError):
            pass
        return cls._bytes("VmRSS:")

    @classmethod
    def since(cls, before):
        peak = cls._bytes("VmHWM:")
        return None if before is None or peak is None else peak - before


class Worker:
    def __init__(self, library):
        self.library = library
        self.problem = None
        self.arrays = None
        self.prepared = {}
        self.threads = None

    def answer(self, job):
        problem = Problem(job["problem"])
        methods = {m.name: m for m in self.library.METHODS if m.serves(problem)}
        if job["action"] == "methods":
            return {"version": self.library.version(),
                    "methods": [{"name": m.name, "isThreaded": m.threaded}
                                for m in methods.values()]}
        return self.run(job, problem, methods[job["method"]])

    def run(self, job, problem, method):
        import numpy
        answer = {}
        if job["problem"] != self.problem:
            self.prepared = {}
            self.problem = job["problem"]
            self.arrays = [numpy.load(path) for path in job["inputs"]]
        if job["threads"] != self.threads:
            self.threads = job["threads"]
            self.library.set_threads(self.threads)
        key = (method.name, self.threads)
        if key not in self.prepared:
            before = Memory.start()
            compute = method.prepare(problem, *self.arrays, self.threads)
            out = compute()
            taken = Memory.since(before)
            if taken is not None:
                answer["peakBytes"] = taken + sum(array.nbytes for array in self.arrays)
            if job.get("result"):
                numpy.save(job["result"], out.reshape(problem.output))
                answer["result"] = job["result"]
            self.prepared[key] = compute
        answer["strategy"] = method.name
        answer["seconds"] = self.time(self.prepared[key], job["runs"])
        return answer

    @staticmethod
    def time(compute, runs):
        seconds = []
        for _ in range(runs):
            start = time.perf_counter()
            out = compute()
            seconds.append(time.perf_counter() - start)
            # The result goes outside of what is timed.
            del out
        return seconds


def main():
    # What a library prints must not come between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    worker, problem = None, None
    try:
        worker = Worker(importlib.import_module(f"libraries.{sys.argv[1]}_library"))
    except (ImportError, OSError) as error:
        problem = f"not installed ({error})"
    for line in sys.stdin:
        if worker:
            try:
                answer = worker.answer(json.loads(line))
            except Exception as error:  # Whatever a library throws is its answer.
                answer = {"error": f"{type(error).__name__}: {error}"}
        else:
            answer = {"error": problem}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()

"""Runs twins in this one process, for run.py: each in a namespace and a folder of its own.

Each line of standard input is a folder with a twin.py in it; beside it are left python.out, python.status and
python/, the folder in which it ran."""
import gc
import io
import os
import sys
import traceback


def run_twin(folder):
    with open(os.path.join(folder, "twin.py"), encoding="utf-8") as file:
        code = compile(file.read(), "twin.py", "exec")
    place = os.path.join(folder, "python")
    os.makedirs(place, exist_ok=True)
    os.chdir(place)
    printed, told = io.StringIO(newline=""), io.StringIO()
    streams = sys.stdout, sys.stderr
    limit = sys.getrecursionlimit()
    sys.stdout, sys.stderr = printed, told
    try:
        exec(code, {"__name__": "__main__"})
        status = 0
    except SystemExit as end:
        status = end.code
    except BaseException:  # a twin may be wrong in any way
        traceback.print_exc()
        status = 99
    finally:
        sys.stdout, sys.stderr = streams
        sys.setrecursionlimit(limit)
    for name, text in (("python.out", printed.getvalue()), ("python.status", str(status)), ("python.err", told.getvalue())):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(text.encode("utf-8", "surrogatepass"))


def main():
    import python312  # noqa: F401  and with it asyncio, so that it is here before the collector looks
    gc.freeze()
    for line in sys.stdin:
        run_twin(line.rstrip("\n"))


main()

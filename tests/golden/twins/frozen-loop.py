"""One call without await stops all"""
import asyncio
import gc
import sys
import time
from asyncio import to_thread

lost = []  # errors that reached nobody


def compute(seconds):
    """Keeps the thread busy, and never awaits."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


async def tick():
    for i in range(4):
        print(f"tick {i}")
        await asyncio.sleep(0.05)


async def save():
    await asyncio.sleep(0.02)
    print("save asks for its file")
    f = await to_thread(open, "save.txt", "wb", buffering=0)
    print("save has its file")
    await to_thread(f.write, b"x" * (64 * 1024))
    await to_thread(f.close)
    print("save.txt is written")


async def busy():
    await asyncio.sleep(0.02)
    print("busy takes the thread")
    # tick is due in 30 ms, and busy computes for 400 ms now. When does tick print?
    #   1. In 30 ms, when its timer is due
    #   2. When busy has given the thread back
    #   3. Never
    # The next step computes for 400 ms and never awaits. Watch what the others can do: nothing.
    compute(0.4)
    print("busy gives it back")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(tick(), name="tick")
    asyncio.create_task(save(), name="save")
    asyncio.create_task(busy(), name="busy")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)

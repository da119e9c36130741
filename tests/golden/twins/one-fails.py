"""An error ends one task, not the others"""
import asyncio
import gc
import sys
from asyncio import to_thread

lost = []  # errors that reached nobody
tasks = {}  # those that are awaited by name


async def reader():
    print("reader wants missing.txt")
    f = await to_thread(open, "missing.txt", "rb", buffering=0)
    print("this is never printed")


async def boss():
    print("boss awaits reader")
    # An await brings back the result of a task. If the task fails, it brings back the error.
    await tasks["reader"]
    print("this is never printed either")


async def worker():
    for i in range(3):
        print(f"worker is at {i}")
        await asyncio.sleep(0.01)
    print("worker is done")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    tasks["reader"] = asyncio.create_task(reader(), name="reader")
    asyncio.create_task(boss(), name="boss")
    asyncio.create_task(worker(), name="worker")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
tasks.clear()
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)

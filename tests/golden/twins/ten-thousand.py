"""Ten thousand tasks, still one thread"""
import asyncio
import gc
import os
import sys
from asyncio import to_thread

lost = []  # errors that reached nobody


def open_below(path, mode):
    """Opens a file to write, in folders that are made where they are missing."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    return open(path, mode, buffering=0)


async def sleeper():
    for _ in range(3):
        await asyncio.sleep(0.15)


async def writer(number):
    f = await to_thread(open_below, f"out/{number}.txt", "wb")
    await to_thread(f.write, b"x" * (4 * 1024))
    await asyncio.sleep(0.05)
    await to_thread(f.write, b"x" * (4 * 1024))
    await to_thread(f.close)
    print(f"out/{number}.txt is written")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    for number in range(9900):
        asyncio.create_task(sleeper(), name=f"sleeper-{number}")
    for number in range(100):
        asyncio.create_task(writer(number), name=f"writer-{number}")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)

"""Three files at once, one thread"""
import asyncio
import gc
import os
import sys
from asyncio import to_thread

lost = []  # errors that reached nobody


async def write_a():
    print("open write-a.txt")
    f = await to_thread(open, "write-a.txt", "wb", buffering=0)
    await to_thread(f.write, b"x" * (64 * 1024))
    print("write-a.txt is written")
    await to_thread(os.fsync, f)
    await to_thread(f.close)


async def write_b():
    print("open write-b.txt")
    f = await to_thread(open, "write-b.txt", "wb", buffering=0)
    await to_thread(f.write, b"x" * (64 * 1024))
    print("write-b.txt is written")
    await to_thread(os.fsync, f)
    await to_thread(f.close)


async def write_c():
    print("open write-c.txt")
    # Two files were handed to the operating system, and nobody stands in line for them: here comes the third.
    f = await to_thread(open, "write-c.txt", "wb", buffering=0)
    await to_thread(f.write, b"x" * (64 * 1024))
    print("write-c.txt is written")
    await to_thread(os.fsync, f)
    await to_thread(f.close)


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(write_a(), name="write_a")
    asyncio.create_task(write_b(), name="write_b")
    asyncio.create_task(write_c(), name="write_c")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)

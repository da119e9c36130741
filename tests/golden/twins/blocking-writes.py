"""The same three files, blocking"""
import asyncio
import gc
import os
import sys

lost = []  # errors that reached nobody


async def write_a():
    await save()


async def write_b():
    # write_a has done all its steps. write_b could not even open its file until now.
    await save()


async def write_c():
    await save()


async def save():
    task = asyncio.current_task().get_name()
    print(f"{task} opens its file")
    f = open(f"{task}.txt", "wb", buffering=0)
    f.write(b"x" * (64 * 1024))
    print(f"{task}.txt is written")
    os.fsync(f)
    f.close()


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

"""Write a file, then read it back"""
import asyncio
import gc
import os
import sys
from asyncio import to_thread

lost = []  # errors that reached nobody
tasks = {}  # those that are awaited by name


def open_below(path, mode):
    """Opens a file to write, in folders that are made where they are missing."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    return open(path, mode, buffering=0)


async def writer():
    f = await to_thread(open_below, "letters/hello.txt", "wb")
    await to_thread(f.write, b"Hello, ")
    await to_thread(f.write, b"event loop!")
    await to_thread(f.close)
    print("the file is written")


async def reader():
    # The file is not written yet, perhaps not even there. Only by awaiting writer can reader be sure of it.
    await tasks["writer"]
    f = await to_thread(open, "letters/hello.txt", "rb", buffering=0)
    first = (await to_thread(f.read, 7)).decode("utf-8", "replace")
    rest = (await to_thread(f.read, 100)).decode("utf-8", "replace")
    await to_thread(f.close)
    print(f"first [{first}], then [{rest}]")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    tasks["writer"] = asyncio.create_task(writer(), name="writer")
    asyncio.create_task(reader(), name="reader")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
tasks.clear()
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)

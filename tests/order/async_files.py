import asyncio
import os


async def opened(path, mode):
    if mode != "rb":
        await asyncio.to_thread(os.makedirs, os.path.dirname(path), exist_ok=True)
    return await asyncio.to_thread(open, path, mode, buffering=0)


async def writer():
    f = await opened("a/b/out.txt", "wb")
    for i in range(3):
        await asyncio.to_thread(f.write, f"line {i}\n".encode())
        print(f"wrote {i}")
    await asyncio.to_thread(os.fsync, f.fileno())
    await asyncio.to_thread(f.close)
    f = await opened("a/b/out.txt", "ab")
    await asyncio.to_thread(f.write, b"more\n")
    await asyncio.to_thread(f.close)
    f = await opened("a/b/out.txt", "rb")
    print((await asyncio.to_thread(f.read, 7)).decode())
    print((await asyncio.to_thread(f.read, 1000)).decode())
    await asyncio.to_thread(f.close)
    print("closed")


async def reader():
    await task_writer
    f = await opened("a/b/out.txt", "rb")
    print("reader:", (await asyncio.to_thread(f.read, 4)).decode())
    await asyncio.to_thread(f.close)


async def main():
    global task_writer
    task_writer = asyncio.create_task(writer())
    await asyncio.wait([task_writer, asyncio.create_task(reader())])


asyncio.run(main())

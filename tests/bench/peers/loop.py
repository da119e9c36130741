"""CPython's asyncio; with "uvloop" as the first argument, the same on uvloop.

usage: loop.py asyncio|uvloop WORK NUMBERS...    (bench_peer.h says what)"""
import asyncio
import os
import socket
import sys
import time

LIVE_S = 3


async def resume(tasks, yields):
    async def task():
        for _ in range(yields):
            await asyncio.sleep(0)

    all_tasks = [asyncio.create_task(task()) for _ in range(tasks)]
    start = time.process_time()
    for one in all_tasks:
        await one
    print("%.1f" % ((time.process_time() - start) * 1e9 / (tasks * (yields + 1))))


async def live(tasks):
    async def task():
        await asyncio.sleep(LIVE_S)

    for one in [asyncio.create_task(task()) for _ in range(tasks)]:
        await one


async def timers(count):
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    left = count

    def fired():
        nonlocal left
        left -= 1
        if left == 0:
            done.set_result(None)

    for i in range(count):
        loop.call_later((i * 7919 % 1000 + 1) / 1000, fired)
    await done


async def files(folder, count, blocks, size, fsync_every):
    block = b"x" * size

    async def task(number):
        path = os.path.join(folder, str(number))
        file = await asyncio.to_thread(os.open, path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        for i in range(blocks):
            await asyncio.to_thread(os.pwrite, file, block, i * size)
            if fsync_every and (i + 1) % fsync_every == 0:
                await asyncio.to_thread(os.fsync, file)
        await asyncio.to_thread(os.close, file)

    start = time.perf_counter()
    await asyncio.gather(*(task(i) for i in range(count)))
    print("%.0f" % (count * blocks / (time.perf_counter() - start)))


async def pingpong(rounds):
    loop = asyncio.get_running_loop()
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)

    async def echo():
        for _ in range(rounds):
            await loop.sock_sendall(ends[1], await loop.sock_recv(ends[1], 64))

    task = asyncio.create_task(echo())
    start = time.perf_counter()
    for _ in range(rounds):
        await loop.sock_sendall(ends[0], b"ping")
        await loop.sock_recv(ends[0], 64)
    print("%.0f" % (rounds / (time.perf_counter() - start)))
    await task


def main():
    which, work, *numbers = sys.argv[1:]
    if which == "uvloop":
        import uvloop
        uvloop.install()
    asyncio.run(globals()[work](*[int(n) if n.isdigit() else n for n in numbers]))


main()

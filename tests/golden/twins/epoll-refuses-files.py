"""epoll refuses files"""
import asyncio
import gc
import socket
import sys
from asyncio import to_thread

lost = []  # errors that reached nobody


def channel():
    """Two connected sockets that asyncio can wait for."""
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    return ends


pipe_a, pipe_b = channel()


async def hears():
    loop = asyncio.get_running_loop()
    # A socket has a moment at which it becomes ready. epoll is asked to watch it.
    word = (await loop.sock_recv(pipe_b, 100)).decode("utf-8", "replace")
    print(f"hears {word}")


async def writes():
    loop = asyncio.get_running_loop()
    f = await to_thread(open, "file.txt", "wb", buffering=0)
    # A regular file has no such moment: epoll_ctl would say EPERM. The whole write is handed over instead, and its end is told.
    await to_thread(f.write, b"x" * (64 * 1024))
    print("file.txt is written")
    await to_thread(f.close)
    await loop.sock_sendall(pipe_a, b"hello")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(hears(), name="hears")
    asyncio.create_task(writes(), name="writes")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)

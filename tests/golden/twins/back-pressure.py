"""Back-pressure: the sender must wait"""
import asyncio
import gc
import socket
import sys

lost = []  # errors that reached nobody


def channel():
    """Two connected sockets that asyncio can wait for."""
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    return ends


pipe_a, pipe_b = channel()


async def fast():
    loop = asyncio.get_running_loop()
    print("fast sends 1 MiB")
    # The socket takes what it has room for. The rest waits, and so does fast.
    await loop.sock_sendall(pipe_a, b"x" * (1 * 1024 * 1024))
    print("all is sent")
    pipe_a.close()


async def slow():
    loop = asyncio.get_running_loop()
    for _ in range(8):
        await asyncio.sleep(0.01)
        await loop.sock_recv(pipe_b, 256 * 1024)
        print("slow has received some")


async def tick():
    for i in range(4):
        await asyncio.sleep(0.02)
        print(f"tick {i}")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(fast(), name="fast")
    asyncio.create_task(slow(), name="slow")
    asyncio.create_task(tick(), name="tick")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)

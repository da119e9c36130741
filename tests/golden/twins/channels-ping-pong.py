"""Two tasks talk over a socket"""
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


table_a, table_b = channel()


async def ping():
    loop = asyncio.get_running_loop()
    for i in range(3):
        print(f"ping sends ball {i}")
        await loop.sock_sendall(table_a, f"ball {i}".encode())
        ball = (await loop.sock_recv(table_a, 100)).decode("utf-8", "replace")
        print(f"ping has {ball} back")
    table_a.close()


async def pong():
    loop = asyncio.get_running_loop()
    # pong wants to receive. The first ball is there already, so it goes on without a pause. For the next one it has to wait.
    for _ in range(3):
        ball = (await loop.sock_recv(table_b, 100)).decode("utf-8", "replace")
        await loop.sock_sendall(table_b, f"{ball}".encode())
    ball = (await loop.sock_recv(table_b, 100)).decode("utf-8", "replace")
    print("pong receives nothing: the other end is closed")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(ping(), name="ping")
    asyncio.create_task(pong(), name="pong")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)

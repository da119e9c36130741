import asyncio
import socket


def pair():
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    return ends


idle, used = pair(), pair()


async def tries(step):
    try:
        await step
        print("never")
    except Exception as error:
        print("sends", error)


async def closes():
    idle[0].close()
    print("shut")


async def sends():
    loop = asyncio.get_running_loop()
    await tries(loop.sock_sendall(idle[1], b"y"))
    await loop.sock_sendall(used[0], b"unread")
    used[1].close()
    await tries(loop.sock_sendall(used[0], b"y"))
    await tries(loop.sock_recv(used[0], 1))


async def main():
    await asyncio.gather(closes(), sends())


asyncio.run(main())

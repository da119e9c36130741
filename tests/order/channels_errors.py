import asyncio
import socket


def pair():
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    return ends


plain, full, unread, busy = pair(), pair(), pair(), pair()


async def receive(end, size):
    return (await asyncio.get_running_loop().sock_recv(end, size)).decode()


async def send(end, text):
    await asyncio.get_running_loop().sock_sendall(end, text.encode())


async def tries(name, step):
    try:
        await step
        print("never")
    except Exception as error:
        print(name, error)


async def reads_plain():
    print(f"plain [{await receive(plain[1], 10)}]")
    print(f"plain [{await receive(plain[1], 10)}]")
    await tries("plain", send(plain[0], "y"))
    await tries("plain", receive(plain[0], 1))


async def fills():
    await tries("full", send(full[0], "x" * 10 * 1024 * 1024))
    await tries("full", send(full[0], "more"))


async def loses():
    await send(unread[0], "nobody receives this")
    await tries("unread", receive(unread[0], 10))
    print(f"unread [{await receive(unread[0], 10)}]")


async def shuts():
    await asyncio.sleep(0.005)
    plain[0].close()
    full[1].close()
    unread[1].close()
    print("shut")


async def slow():
    await asyncio.sleep(0.02)
    print("slow", await receive(busy[0], 3))


async def waits():
    await asyncio.sleep(0.03)
    await send(busy[1], "abc")
    print("sent")


async def main():
    await asyncio.gather(reads_plain(), fills(), loses(), shuts(), slow(), waits())


asyncio.run(main())

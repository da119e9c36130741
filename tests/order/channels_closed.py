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


async def sends_plain():
    for _ in range(1000):
        await send(plain[1], "y")
        await asyncio.sleep(0.001)


async def reads_plain():
    print(f"[{await receive(plain[1], 10)}]")
    print(f"[{await receive(plain[1], 10)}]")
    await tries("plain", sends_plain())
    await tries("plain", send(plain[0], "y"))
    await tries("plain", receive(plain[0], 1))
    full[1].close()
    print("full_c is shut")


async def fills():
    await tries("full", send(full[0], "x" * 32 * 1024 * 1024))
    await tries("full", send(full[0], "more"))
    unread[1].close()
    print("unread_c is shut")


async def loses():
    await send(unread[0], "nobody receives this")
    try:
        print(f"unread [{await receive(unread[0], 10)}]")
    except Exception as error:
        print("unread", error)
    print(f"unread [{await receive(unread[0], 10)}]")
    print("unread", await receive(busy[0], 3))


async def shuts():
    await asyncio.sleep(0.005)
    plain[0].close()
    print("plain_c is shut")


async def ahead():
    await send(busy[1], "abc")
    busy[1].close()
    print("sent ahead")


async def main():
    await asyncio.gather(reads_plain(), fills(), loses(), shuts(), ahead())


asyncio.run(main())

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


async def reads_plain():
    print(f"[{await receive(plain[1], 10)}]")
    print(f"[{await receive(plain[1], 10)}]")
    try:
        for _ in range(1000):
            await send(plain[1], "y")
            await asyncio.sleep(0.001)
        print("never")
    except Exception:
        print("plain can't send")
    for step in (send(plain[0], "y"), receive(plain[0], 1)):
        try:
            await step
            print("never")
        except Exception as error:
            print("plain", error)
    full[1].close()
    print("full_c is shut")


async def fills():
    try:
        await send(full[0], "x" * 32 * 1024 * 1024)
        print("never")
    except Exception:
        print("full can't send all")
    try:
        await send(full[0], "more")
        print("never")
    except Exception:
        print("full can't send more")
    unread[1].close()
    print("unread_c is shut")


async def loses():
    await send(unread[0], "nobody receives this")
    try:
        await receive(unread[0], 10)
        print("unread is over")
    except Exception:
        print("unread is over")
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

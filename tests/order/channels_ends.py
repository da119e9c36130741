import asyncio
import socket


def pair():
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    return ends


one, two = pair(), pair()


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


async def reader():
    for _ in range(3):
        print(f"[{await receive(one[1], 10)}]")


async def closer():
    await asyncio.sleep(0.005)
    await send(one[0], "last")
    await asyncio.sleep(0.02)
    one[0].close()
    print("shut")
    await tries("own", send(one[0], "y"))
    await tries("own", receive(one[0], 1))


async def sends_on():
    for _ in range(50):
        await send(two[0], "into nothing")
        await asyncio.sleep(0.002)


async def late():
    await asyncio.sleep(0.1)
    two[1].close()
    print("gone")
    await tries("late", sends_on())
    await tries("late", send(two[0], "again"))


async def main():
    await asyncio.gather(reader(), closer(), late())


asyncio.run(main())

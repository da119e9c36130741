import asyncio
import socket


def pair():
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    return ends


one, two, three = pair(), pair(), pair()


async def receive(end, size):
    return (await asyncio.get_running_loop().sock_recv(end, size)).decode()


async def send(end, text):
    await asyncio.get_running_loop().sock_sendall(end, text.encode())


async def reader(task):
    print(task, await receive(one[1], 4))
    await asyncio.sleep(0.006)
    for i in range(3):
        print(task, "two", i, await receive(two[1], 100))
        await asyncio.sleep(0)


async def reads_three():
    for _ in range(2):
        print("three", await receive(three[0], 3))
    for _ in range(2):
        print(f"three [{await receive(three[0], 3)}]")


async def writer():
    await send(one[0], "abcdefgh")
    print("sent one")
    await send(one[0], "")
    print("sent nothing")
    await asyncio.sleep(0.02)
    await send(two[0], "writer-0")
    await send(three[1], "uvwxyz")
    print("sent two and three")
    await asyncio.sleep(0)
    print("a turn later")
    await asyncio.sleep(0)
    print("two turns later")
    await asyncio.sleep(0.01)
    for i in range(6):
        await send(two[0], str(i))
        await asyncio.sleep(0)
        print("sent", i)
        await asyncio.sleep(0.005)
    await send(three[1], "end")
    three[1].close()
    print("shut")


async def main():
    tasks = [asyncio.create_task(reader("reader")), asyncio.create_task(reads_three()), asyncio.create_task(writer())]
    await asyncio.gather(*tasks)


asyncio.run(main())

import asyncio
import socket


def pair():
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    return ends


pipe, lines = pair(), pair()


async def receive(end, size):
    return (await asyncio.get_running_loop().sock_recv(end, size)).decode()


async def send(end, text):
    await asyncio.get_running_loop().sock_sendall(end, text.encode())


async def fast():
    await send(pipe[0], "x" * 1024 * 1024)
    print("fast: all is sent")
    pipe[0].close()


async def slow():
    for _ in range(3):
        await asyncio.sleep(0.005)
        print("slow receives")
        await receive(pipe[1], 1024 * 1024)
    for _ in range(7):
        await receive(pipe[1], 1024 * 1024)
    print(f"slow [{await receive(pipe[1], 10)}]")


async def sends_lines():
    for i in range(400):
        await send(lines[0], f"line {i}")
    print("lines are sent")


async def line_reader():
    await asyncio.sleep(0.1)
    print("line_reader begins")
    for _ in range(4):
        print("line_reader", await receive(lines[1], 6))
    await receive(lines[1], 1024)
    print("line_reader has a little")
    for _ in range(3):
        await asyncio.sleep(0)
    print("line_reader wants more")
    await receive(lines[1], 1024 * 1024)
    print("line_reader has the rest")


async def main():
    await asyncio.gather(fast(), slow(), sends_lines(), line_reader())


asyncio.run(main())

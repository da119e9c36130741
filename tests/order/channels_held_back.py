import asyncio
import socket

pipe = socket.socketpair()
for end in pipe:
    end.setblocking(False)


async def receive(size):
    return (await asyncio.get_running_loop().sock_recv(pipe[1], size)).decode()


async def fast():
    print("fast begins")
    await asyncio.get_running_loop().sock_sendall(pipe[0], b"x" * (32 * 1024 * 1024))
    print("fast: all is sent")
    pipe[0].close()


async def slow():
    for _ in range(3):
        await asyncio.sleep(0.005)
        print("slow receives")
        await receive(64 * 1024)
    print("slow takes all")
    for _ in range(1500):
        await receive(1024 * 1024)
    print(f"slow [{await receive(10)}]")


async def meanwhile():
    print("others go on")


async def main():
    await asyncio.gather(fast(), slow(), meanwhile())


asyncio.run(main())

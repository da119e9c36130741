import asyncio
import socket

ends = socket.socketpair()
for end in ends:
    end.setblocking(False)


async def receive(size):
    return (await asyncio.get_running_loop().sock_recv(ends[1], size)).decode()


async def send(text):
    await asyncio.get_running_loop().sock_sendall(ends[0], text.encode())


async def sender():
    v = ""
    for i in range(100):
        v = f"{v} {i}"
    for i in range(14):
        v = f"{v}, {i}: {v}"
    print("the text is made")
    await send(v)
    print("the text is sent")
    await send("the end")
    ends[0].close()


async def receiver():
    await asyncio.sleep(0.05)
    print("the receiver begins")
    with open("received.txt", "w", encoding="utf-8") as file:
        for _ in range(600):
            file.write(await receive(64 * 1024))
        print(f"all is received [{await receive(1)}]")


async def main():
    await asyncio.gather(sender(), receiver())


asyncio.run(main())

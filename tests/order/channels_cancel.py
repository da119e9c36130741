import asyncio
import socket


def pair():
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    return ends


quiet, late, taken, full = pair(), pair(), pair(), pair()
tasks = {}


async def receive(end, size):
    return (await asyncio.get_running_loop().sock_recv(end, size)).decode()


async def send(end, text):
    await asyncio.get_running_loop().sock_sendall(end, text.encode())


async def leaves(name, step):
    try:
        await step
        print("never")
    finally:
        print(name, "is left")


async def second():
    await asyncio.sleep(0.001)
    for _ in range(2):
        print("second", await receive(taken[0], 9))


async def boss():
    await asyncio.sleep(0.005)
    tasks["quiet"].cancel()
    print("cancelled quiet")
    await asyncio.sleep(0)
    print("a turn later")
    await send(quiet[1], "still there")
    print("boss", await receive(quiet[0], 99))
    await send(late[1], "for late")
    tasks["late"].cancel()
    print("cancelled late")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("boss", await receive(late[0], 99))
    await send(taken[1], "one")
    await asyncio.sleep(0.001)
    tasks["first"].cancel()
    print("cancelled first")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await send(taken[1], "two")
    tasks["full"].cancel()
    await asyncio.sleep(0.001)
    for _ in range(3):
        print("boss", await receive(full[1], 3))
    full[0].close()
    print("shut")


async def main():
    steps = {
        "quiet": leaves("quiet", receive(quiet[0], 9)),
        "late": leaves("late", receive(late[0], 9)),
        "full": leaves("full", send(full[0], "x" * 10 * 1024 * 1024)),
        "first": leaves("first", receive(taken[0], 9)),
        "second": second(),
        "boss": boss(),
    }
    for name, step in steps.items():
        tasks[name] = asyncio.create_task(step)
    await asyncio.gather(*tasks.values(), return_exceptions=True)


asyncio.run(main())

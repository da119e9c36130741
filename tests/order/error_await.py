import asyncio

tasks = {}


async def waiter(name, target):
    print(name, "waits")
    await tasks[target]
    print("never")


async def bad():
    print("bad 1")
    await asyncio.sleep(0)
    print("bad 2")
    open("missing.txt")
    print("never")


async def fine():
    for i in range(6):
        print(f"fine {i}")
        await asyncio.sleep(0)


async def late():
    await asyncio.sleep(0.080)
    print("late")
    await tasks["bad"]
    print("never")


async def main():
    bodies = {"w1": waiter("w1", "bad"), "bad": bad(), "w2": waiter("w2", "w1"), "fine": fine(), "late": late()}
    for name, body in bodies.items():
        tasks[name] = asyncio.create_task(body)
    await asyncio.gather(*tasks.values(), return_exceptions=True)


asyncio.run(main())

import asyncio

counts = {}


async def work(name):
    print(name, "begins")
    await asyncio.sleep(0)
    print(name, "ends")


def spawn(name):
    counts[name] = counts.get(name, 0) + 1
    return asyncio.create_task(work(name if counts[name] == 1 else f"{name}-{counts[name]}"))


async def boss():
    kept = []
    for i in range(3):
        print(f"spawn {i}")
        kept.append(spawn("w"))
    print("awaits the last")
    await kept[-1]
    print("boss ends")


async def pairs():
    for i in range(3):
        await spawn("p")
        print(f"pair {i}")


async def main():
    await asyncio.wait([asyncio.create_task(boss()), asyncio.create_task(pairs())])


asyncio.run(main())

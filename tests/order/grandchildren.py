import asyncio

counts = {}


def spawn(name, body):
    counts[name] = counts.get(name, 0) + 1
    spelled = name if counts[name] == 1 else f"{name}-{counts[name]}"
    return asyncio.create_task(body(spelled))


async def leaf(name):
    print(name)
    await asyncio.sleep(0)
    print(name, "ends")


async def child(name):
    print(name)
    one = spawn("one", leaf)
    two = spawn("two", leaf)
    await one
    print(name, "has one")
    await two
    print(name, "has two")


async def root():
    print("root")
    left = spawn("left", child)
    right = spawn("right", child)
    await right
    print("right is done")
    await left
    print("left is done")


async def aside():
    for i in range(6):
        print(f"aside {i}")
        await asyncio.sleep(0)


async def main():
    await asyncio.wait([asyncio.create_task(root()), asyncio.create_task(aside())])


asyncio.run(main())

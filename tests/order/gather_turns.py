import asyncio

numbers = {}


def spawn(coroutine, name, group=asyncio):
    """Starts a task with a name that no other task has had."""
    number = numbers.get(name, 1)
    numbers[name] = number + 1
    unique = name if number == 1 else f"{name}-{number}"
    return group.create_task(coroutine, name=unique)


async def boss():
    x = asyncio.create_task(two(), name="x")
    y = asyncio.create_task(one(), name="y")
    await asyncio.gather(x, y)
    print("both are through")
    b = asyncio.create_task(bad(), name="b")
    z = asyncio.create_task(two(), name="z")
    try:
        await asyncio.gather(z, b)
        print("never")
    except Exception as error:
        print(f"got {error}")
    print("z goes on")
    await z
    print("z is through")
    b2 = asyncio.create_task(bad(), name="b2")
    b3 = asyncio.create_task(bad(), name="b3")
    try:
        await asyncio.gather(b2, b3)
    except Exception as error:
        print(f"first {error}")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    g = asyncio.create_task(gatherer(), name="g")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    g.cancel()
    print("g is cancelled")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    h = asyncio.create_task(hopeful(), name="h")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    h.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("boss ends")


async def count():
    for i in range(14):
        print(f"turn {i}")
        await asyncio.sleep(0)


async def two():
    task = asyncio.current_task().get_name()
    print(f"{task} 0")
    await asyncio.sleep(0)
    print(f"{task} 1")
    await asyncio.sleep(0)
    print(f"{task} ends")


async def one():
    task = asyncio.current_task().get_name()
    print(f"{task} 0")
    await asyncio.sleep(0)
    print(f"{task} ends")


async def bad():
    await asyncio.sleep(0)
    raise RuntimeError("broken")


async def nap():
    task = asyncio.current_task().get_name()
    print(f"{task} sleeps")
    try:
        await asyncio.sleep(0.2)
        print("never")
    finally:
        print(f"{task} leaves")


async def stubborn():
    task = asyncio.current_task().get_name()
    try:
        await asyncio.sleep(0.2)
    finally:
        print(f"{task} holds on")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print(f"{task} lets go")


async def deaf():
    task = asyncio.current_task().get_name()
    try:
        async with asyncio.TaskGroup() as group:
            spawn(crash(), "crash", group)
            await asyncio.sleep(0.2)
    except Exception as error:
        print(f"{task} got {error}")
    print(f"{task} ends well")


async def crash():
    task = asyncio.current_task().get_name()
    try:
        await asyncio.sleep(0.2)
    finally:
        raise RuntimeError(f"from {task}")


async def gatherer():
    task = asyncio.current_task().get_name()
    p = spawn(nap(), "p")
    q = spawn(stubborn(), "q")
    try:
        await asyncio.gather(p, q)
        print("never")
    finally:
        print(f"{task} is out")


async def hopeful():
    task = asyncio.current_task().get_name()
    d = spawn(deaf(), "d")
    try:
        await asyncio.gather(d)
        print("never")
    finally:
        print(f"{task} is out")


async def main():
    boss_task = asyncio.create_task(boss(), name="boss")
    count_task = asyncio.create_task(count(), name="count")
    await asyncio.gather(boss_task, count_task, return_exceptions=True)


asyncio.run(main())

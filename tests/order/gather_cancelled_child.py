import asyncio

numbers = {}


def spawn(coroutine, name):
    """Starts a task with a name that no other task has had."""
    number = numbers.get(name, 1)
    numbers[name] = number + 1
    unique = name if number == 1 else f"{name}-{number}"
    return asyncio.create_task(coroutine, name=unique)


async def boss():
    a1 = asyncio.create_task(nap(), name="a1")
    a2 = asyncio.create_task(nap(), name="a2")
    g = asyncio.create_task(gatherer(), name="g")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    a1.cancel()
    try:
        try:
            await asyncio.gather(a2, a1)
            print("never")
        finally:
            print("boss sees it")
    finally:
        print("a2 goes on")
        a2.cancel()
        g.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print("boss ends")


async def other():
    l = asyncio.create_task(late(), name="l")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    l.cancel()
    print("too late for r")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("other ends")


async def count():
    for i in range(14):
        print(f"turn {i}")
        await asyncio.sleep(0)


async def nap():
    task = asyncio.current_task().get_name()
    print(f"{task} sleeps")
    try:
        await asyncio.sleep(0.2)
        print("never")
    finally:
        print(f"{task} leaves")


async def quick():
    task = asyncio.current_task().get_name()
    await asyncio.sleep(0)
    print(f"{task} ends")


async def gatherer():
    task = asyncio.current_task().get_name()
    p = spawn(nap(), "p")
    q = spawn(quick(), "q")
    try:
        await asyncio.gather(q, p)
        print("never")
    finally:
        print(f"{task} is out")


async def late():
    task = asyncio.current_task().get_name()
    r = spawn(quick(), "r")
    try:
        await asyncio.gather(r)
        print("never")
    finally:
        print(f"{task} is out")


async def main():
    boss_task = asyncio.create_task(boss(), name="boss")
    other_task = asyncio.create_task(other(), name="other")
    count_task = asyncio.create_task(count(), name="count")
    await asyncio.gather(boss_task, other_task, count_task, return_exceptions=True)


asyncio.run(main())

import asyncio

numbers = {}


def spawn(coroutine, name):
    """Starts a task with a name that no other task has had."""
    number = numbers.get(name, 1)
    numbers[name] = number + 1
    unique = name if number == 1 else f"{name}-{number}"
    return asyncio.create_task(coroutine, name=unique)


async def boss():
    x = asyncio.create_task(steps(), name="x")
    y = asyncio.create_task(long(), name="y")
    await asyncio.wait([x, y], return_when=asyncio.FIRST_COMPLETED)
    print("first")
    await asyncio.wait([x, y])
    print("all")
    await asyncio.wait([x, y])
    print("all again, two turns later")
    await asyncio.wait([y], return_when=asyncio.FIRST_COMPLETED)
    print("first again")
    b = asyncio.create_task(bad(), name="b")
    await asyncio.wait([b])
    print("b failed, and nothing comes up")
    c = asyncio.create_task(steps(), name="c")
    c.cancel()
    await asyncio.wait([c])
    print("c was cancelled, and nothing comes up")
    w = asyncio.create_task(waiter(), name="w")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    w.cancel()
    print("w is cancelled")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("its tasks go on")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    try:
        await b
    except Exception as error:
        print(error)


async def count():
    for i in range(14):
        print(f"turn {i}")
        await asyncio.sleep(0)


async def steps():
    task = asyncio.current_task().get_name()
    print(f"{task} 0")
    await asyncio.sleep(0)
    print(f"{task} ends")


async def long():
    task = asyncio.current_task().get_name()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(f"{task} ends")


async def bad():
    task = asyncio.current_task().get_name()
    await asyncio.sleep(0)
    raise RuntimeError(f"nobody hears {task}")


async def nap():
    task = asyncio.current_task().get_name()
    print(f"{task} sleeps")
    try:
        await asyncio.sleep(0.2)
        print("never")
    finally:
        print(f"{task} leaves")


async def waiter():
    task = asyncio.current_task().get_name()
    p = spawn(nap(), "p")
    q = spawn(long(), "q")
    try:
        await asyncio.wait([p, q])
        print("never")
    finally:
        print(f"{task} is out")
    print("never")


async def main():
    asyncio.create_task(boss(), name="boss")
    asyncio.create_task(count(), name="count")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())

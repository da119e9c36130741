import asyncio

numbers = {}


def spawn(coroutine, name, group=asyncio):
    """Starts a task with a name that no other task has had."""
    number = numbers.get(name, 1)
    numbers[name] = number + 1
    unique = name if number == 1 else f"{name}-{number}"
    return group.create_task(coroutine, name=unique)


async def boss():
    async with asyncio.TaskGroup() as group:
        spawn(two(), "two", group)
        for _ in range(2):
            spawn(two(), "two", group)
        print("in the block")
    print("all three are through")
    async with asyncio.TaskGroup() as group:
        print("an empty one is no pause")
    print("behind it")
    try:
        async with asyncio.TaskGroup() as group:
            spawn(nap(), "nap", group)
            spawn(bad(), "bad", group)
            await asyncio.sleep(0.2)
            print("never")
    except Exception as error:
        print(f"1: {error}")
    try:
        async with asyncio.TaskGroup() as group:
            spawn(bad(), "bad", group)
            spawn(nap(), "nap", group)
    except Exception as error:
        print(f"2: {error}")
    try:
        async with asyncio.TaskGroup() as group:
            spawn(bad(), "bad", group)
            spawn(late(), "late", group)
            spawn(bad(), "bad", group)
    except Exception as error:
        print(f"3: {error}")
    try:
        await own()
    except Exception as error:
        print(f"4: {error}")
    try:
        await mixed()
    except Exception as error:
        print(f"5: {error}")
    try:
        async with asyncio.TaskGroup() as group:
            spawn(nap(), "nap", group)
            async with asyncio.TaskGroup() as group_2:
                spawn(bad(), "bad", group_2)
                await asyncio.sleep(0.2)
            print("never")
    except Exception as error:
        print(f"6: {error}")
    try:
        async with asyncio.TaskGroup() as group:
            spawn(bad(), "bad", group)
            try:
                await asyncio.sleep(0.2)
            finally:
                try:
                    spawn(two(), "two", group)
                except Exception as error:
                    print(f"7: {error}")
    except Exception as error:
        print(f"8: {error}")
    o = asyncio.create_task(outer(), name="o")
    i_ = asyncio.create_task(idle(), name="i")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    o.cancel()
    i_.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("boss ends")


async def count():
    for i in range(50):
        print(f"turn {i}")
        await asyncio.sleep(0)


async def two():
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


async def late():
    try:
        await asyncio.sleep(0.2)
    finally:
        await asyncio.sleep(0)
        raise RuntimeError("late")


async def outer():
    async with asyncio.TaskGroup() as group:
        spawn(nap(), "nap", group)
        await asyncio.sleep(0.2)
    print("never")


async def idle():
    async with asyncio.TaskGroup() as group:
        spawn(nap(), "nap", group)
    print("never")


async def own():
    async with asyncio.TaskGroup() as group:
        spawn(nap(), "nap", group)
        raise RuntimeError("from the block")


async def mixed():
    async with asyncio.TaskGroup() as group:
        spawn(late(), "late", group)
        await asyncio.sleep(0)
        raise RuntimeError("from the block")


async def main():
    boss_task = asyncio.create_task(boss(), name="boss")
    count_task = asyncio.create_task(count(), name="count")
    await asyncio.gather(boss_task, count_task, return_exceptions=True)


asyncio.run(main())

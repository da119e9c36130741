import asyncio
import time

numbers = {}
m = asyncio.Lock()


def compute(seconds):
    """Keeps the thread busy, and never awaits."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def spawn(coroutine, name, group=asyncio):
    """Starts a task with a name that no other task has had."""
    number = numbers.get(name, 1)
    numbers[name] = number + 1
    unique = name if number == 1 else f"{name}-{number}"
    return group.create_task(coroutine, name=unique)


async def boss():
    async with asyncio.timeout(0.2):
        await asyncio.sleep(0)
        print("in time")
    print("1")
    try:
        async with asyncio.timeout(0.02):
            await asyncio.sleep(0.3)
    except Exception as error:
        print(f"2 [{error}]")
    async with asyncio.timeout(0.02):
        compute(0.04)
        print("too late, but nobody could say so")
    print("3")
    try:
        async with asyncio.timeout(0.02):
            compute(0.04)
            await asyncio.sleep(0)
            print("still here")
            await asyncio.sleep(0)
            print("never")
    except Exception as error:
        print(f"4 [{error}]")
    try:
        async with asyncio.timeout(0):
            print("a timeout of nothing")
            await asyncio.sleep(0)
            print("never")
    except Exception as error:
        print(f"5 [{error}]")
    async with asyncio.timeout(0):
        print("no pause, no timeout")
    await asyncio.sleep(0)
    print("6")
    try:
        async with asyncio.timeout(0.02):
            async with asyncio.timeout(0.3):
                await asyncio.sleep(0.3)
            print("never")
    except Exception as error:
        print(f"7 [{error}]")
    try:
        async with asyncio.timeout(0.3):
            try:
                async with asyncio.timeout(0.02):
                    await asyncio.sleep(0.3)
            except Exception as error:
                print(f"8 [{error}]")
                await asyncio.sleep(0)
            print("goes on")
    except Exception:
        print("never")
    try:
        async with asyncio.timeout(0.02):
            try:
                async with asyncio.timeout(0.02):
                    await asyncio.sleep(0.3)
                print("never")
            except Exception:
                print("never")
    except Exception as error:
        print(f"9 [{error}]")
    try:
        async with asyncio.timeout(0):
            async with asyncio.timeout(0):
                await asyncio.sleep(0)
                print("never")
    except Exception as error:
        print(f"10 [{error}]")
    s = asyncio.create_task(slow(), name="s")
    try:
        async with asyncio.timeout(0.02):
            await s
    except Exception as error:
        print(f"11 [{error}]")
    t = asyncio.create_task(slow(), name="t")
    try:
        async with asyncio.timeout(0.02):
            await asyncio.gather(t)
    except Exception as error:
        print(f"12 [{error}]")
    u = asyncio.create_task(slow(), name="u")
    try:
        async with asyncio.timeout(0.02):
            await asyncio.wait([u])
    except Exception as error:
        print(f"13 [{error}], u goes on")
    u.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    try:
        async with asyncio.timeout(0.02):
            async with asyncio.TaskGroup() as group:
                spawn(slow(), "slow", group)
    except Exception as error:
        print(f"14 [{error}]")
    try:
        async with asyncio.TaskGroup() as group:
            spawn(fail(), "fail", group)
            async with asyncio.timeout(0.3):
                await asyncio.sleep(0.3)
    except Exception as error:
        print(f"15 [{error}]")
    try:
        async with asyncio.timeout(0.02):
            async with m:
                await asyncio.sleep(0.3)
    except Exception as error:
        print(f"16 [{error}]")
    async with m:
        print("the lock is free")
    try:
        async with asyncio.timeout(0.02):
            try:
                await asyncio.sleep(0.3)
            finally:
                raise RuntimeError("instead")
    except Exception as error:
        print(f"17 [{error}]")
    try:
        async with asyncio.timeout(0.02):
            try:
                await asyncio.sleep(0.3)
            finally:
                await asyncio.sleep(0)
                print("a finally may wait")
    except Exception as error:
        print(f"18 [{error}]")
    v = asyncio.create_task(stay(), name="v")
    await asyncio.sleep(0)
    v.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("v was cancelled from outside")
    try:
        async with asyncio.timeout(0.02):
            await stay()
    except Exception as error:
        print(f"19 [{error}]")


async def slow():
    task = asyncio.current_task().get_name()
    try:
        await asyncio.sleep(0.3)
        print("never")
    finally:
        print(f"{task} is cut")


async def stay():
    task = asyncio.current_task().get_name()
    async with asyncio.timeout(0.2):
        try:
            await asyncio.sleep(0.3)
        finally:
            print(f"{task} leaves")
    print("never")


async def fail():
    await asyncio.sleep(0)
    raise RuntimeError("broken")


async def main():
    boss_task = asyncio.create_task(boss(), name="boss")
    await asyncio.gather(boss_task, return_exceptions=True)


asyncio.run(main())

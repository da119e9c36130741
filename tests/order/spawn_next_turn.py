import asyncio


async def child(name):
    print(name, 1)
    await asyncio.sleep(0)
    print(name, 2)


async def parent():
    print("before")
    one = asyncio.create_task(child("child"))
    print("after")
    two = asyncio.create_task(child("child-2"))
    print("still the parent")
    await asyncio.sleep(0)
    print("parent's second turn")
    await asyncio.sleep(0)
    print("parent's third")
    return one, two


async def other():
    for number in (1, 2, 3):
        print("other", number)
        if number < 3:
            await asyncio.sleep(0)


async def main():
    await asyncio.wait([asyncio.create_task(parent()), asyncio.create_task(other())])
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()} or [asyncio.create_task(asyncio.sleep(0))])


asyncio.run(main())

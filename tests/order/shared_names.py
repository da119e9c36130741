import asyncio


class Names:
    pass


async def prepare(task, names):
    names.f = open(f"{task}.txt", "wb", buffering=0)


async def look(names):
    names.seen = names.f.read(4).decode()
    print("look:", names.seen)
    names.seen = names.f.read(64).decode()


async def help_():
    print("helper helps")
    await asyncio.sleep(0)
    print("helper helped")


async def helped(names):
    names.helper = asyncio.create_task(help_())
    print("helper is on its way")


async def both(task, names, word):
    await prepare(task, names)
    names.f.write(f"{word} {task}".encode())
    names.f.close()
    names.f = open(f"{task}.txt", "rb", buffering=0)
    await look(names)
    print(f"{task}: {names.seen}")
    names.f.close()


async def a():
    names = Names()
    await both("a", names, "from")
    await helped(names)
    await names.helper
    print("a ends")


async def b():
    await both("b", Names(), "of")


async def main():
    await asyncio.wait([asyncio.create_task(a()), asyncio.create_task(b())])


asyncio.run(main())

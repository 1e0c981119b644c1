from flytekit import ImageSpec, task

appended = ["a"]
appended.append("b")
one = ImageSpec(name="one", packages=appended)

grown = ["a"]
grown += ["b"]
two = ImageSpec(name="two", packages=grown)

settings = {"A": "1"}
settings["B"] = "2"
three = ImageSpec(name="three", env=settings)

aliased = ["a"]
other = aliased
other.extend(["b"])
four = ImageSpec(name="four", packages=aliased)

late = ["a"]
five = ImageSpec(name="five", packages=late)
late.append("b")

handed = ["a"]
fill(handed)
six = ImageSpec(name="six", packages=handed)

printed = ["a"]
print(printed, len(printed))
seven = ImageSpec(name="seven", packages=printed)

fresh = ["a"]
fresh.append("b")
fresh = ["c"]
eight = ImageSpec(name="eight", packages=fresh)

inside = ["a"]


def grow():
    inside.append("b")


nine = ImageSpec(name="nine", packages=inside)

text = "a"


def rename():
    global text
    text = "b"


ten = ImageSpec(name=text)

eleven = ImageSpec(name="eleven")
eleven.packages = ["x"]

deleted = "a"
del deleted
twelve = ImageSpec(name=deleted)


@task(container_image=eleven)
def uses(): ...

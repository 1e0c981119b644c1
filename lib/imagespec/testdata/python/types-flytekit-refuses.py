from flytekit import ImageSpec

tuple_given = ImageSpec(name="a", packages=("pandas",))
text_given = ImageSpec(name="b", packages="requirements.txt")
float_version = ImageSpec(name="c", python_version=3.10)
int_env = ImageSpec(name="d", env={"PORT": 8080})
int_item = ImageSpec(name="e", packages=["pandas", 1])
bool_name = ImageSpec(name=True)
dict_commands = ImageSpec(name="f", commands={"a": "b"})

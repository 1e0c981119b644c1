from flytekit import ImageSpec

VERSION = "2.2"
PORT = 8080

image = ImageSpec(
    name="str" "ings",
    packages=[
        "pan" "das",
        f"numpy=={VERSION}",
        f"torch=={VERSION!s}",
        r"raw\n",
        "tab\tand\x41\u00e9\101",
        'single "double"',
        """triple""",
        "join" + "ed" + "==1",
        u"unicode",
    ],
    env={
        "PORT": f"{PORT}",
        "BRACES": f"{{literal}}",
        "LINES": "a\
b",
        f"KEY_{VERSION}": rf"\d{PORT}",
        "FLAG": f"{True} {None} {1.50}",
    },
)

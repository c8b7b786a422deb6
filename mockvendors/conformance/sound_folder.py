"""Where the sounds of the cases lie: apart from how they are made, which takes a library that is slow to load."""

from pathlib import Path

FOLDER = "sounds"


def folder_for_all(base: Path) -> Path:
    """Return the folder of the sounds below one that is this user's alone, as pytest's are.

    Whoever is handed the folder itself can read it: in a container a driver may be another user.
    """
    folder = base / FOLDER
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)  # whatever the umask is
    return folder

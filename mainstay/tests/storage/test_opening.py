"""Which place for bytes a program opens."""

from pathlib import Path

from pydantic import SecretStr

from mainstay.settings import Configuration, CoreSettings
from mainstay.storage.bucket import BucketStorage
from mainstay.storage.folder import FolderStorage
from mainstay.storage.opening import open_place
from mainstay.storage.settings import StorageSettings


async def test_a_program_opens_what_its_settings_name(tmp_path: Path) -> None:
    core, url = CoreSettings(data_dir=tmp_path), "s3://shop?endpoint=https://s3.example"
    async with open_place(Configuration([core, StorageSettings()])) as place:
        assert isinstance(place.storage, FolderStorage)
    settings = StorageSettings(url=url, key_id="ID", key=SecretStr("the-key-of-the-bucket"))
    async with open_place(Configuration([core, settings])) as place:
        assert isinstance(place.storage, BucketStorage)

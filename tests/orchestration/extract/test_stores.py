"""Objects of an S3-compatible store, spoken to over HTTP: listed, brought when they changed, and every refusal said."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import BotoCoreError
from moto.server import ThreadedMotoServer
from s3fs.core import S3File

from orchestration.extract.connectors import stores
from orchestration.extract.connectors.delivery import Sessions
from orchestration.extract.connectors.stores import Entry, ObjectStore, matches
from orchestration.extract.errors import ProfileError, SourceError, TransientError
from orchestration.extract.source_models import FilesSource
from tests.orchestration.extract.conftest import CUSTOMERS, HEAD, Desk

ROWS = "id,name,changed\n1,Ann,2026-01-01\n2,Bo,2026-01-02\n"
KEY, SECRET = "AKIACANARY0000000001", "canary/secret"


@dataclass
class Bucket:
    """A bucket of the tests' own store."""

    url: str
    client: Any
    name: str = "drops"
    fetched: list[str] = field(default_factory=list)

    def put(self, key: str, content: str | bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=content)

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=key)

    def source(self, **changes: Any) -> FilesSource:
        return FilesSource.model_validate(
            {
                "name": "drops",
                "connector": "files",
                "root": "s3://drops/in",
                "endpoint_url": self.url,
                "region": "us-east-1",
                "access_key": KEY,
                "secret_key": SECRET,
                **changes,
            }
        )


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    requests.post(f"{server}/moto-api/reset", timeout=10)
    # Of this machine's own keys the tests must know nothing.
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    client = boto3.client(
        "s3", endpoint_url=server, region_name="us-east-1", aws_access_key_id=KEY, aws_secret_access_key=SECRET
    )
    made = Bucket(server, client)
    client.create_bucket(Bucket=made.name)
    fetch = ObjectStore.fetch

    def counted(self: ObjectStore, entry: Entry, *rest: Any) -> Any:
        made.fetched.append(entry.name)
        return fetch(self, entry, *rest)

    monkeypatch.setattr(ObjectStore, "fetch", counted)
    return made


@pytest.fixture
def far(desk: Desk, bucket: Bucket) -> Desk:
    """A company whose drops are objects."""
    desk.head = HEAD.replace(
        '    root: "${PROFILE_DATA}/drops"\n',
        f"    root: s3://drops/in\n    endpoint_url: {bucket.url}\n    region: us-east-1\n"
        "    access_key: ${KEY}\n    secret_key: ${SECRET}\n",
    )
    desk.environment = {"KEY": KEY, "SECRET": SECRET}
    return desk


def names(desk: Desk) -> list[tuple[str, str]]:
    return desk.query("select customer_name, _file from raw.customers order by customer_id")


def test_an_object_lands_once_and_is_not_fetched_again(far: Desk, bucket: Bucket) -> None:
    bucket.put("in/customers1.csv", ROWS)
    bucket.put("in/other.csv", "x")
    bucket.put("customers2.csv", "outside the prefix")
    first, second = far.land(), far.land()
    assert (first.inserted, second.delivered) == (2, 0)
    assert names(far) == [("Ann", "customers1.csv"), ("Bo", "customers1.csv")]
    assert bucket.fetched == ["customers1.csv"]


def test_a_corrected_a_renamed_and_a_copied_object(far: Desk, bucket: Bucket) -> None:
    bucket.put("in/customers1.csv", ROWS)
    bucket.put("in/customers2.csv", "id,name,changed\n3,Cy,2026-01-03\n")
    far.land()
    bucket.put("in/customers1.csv", ROWS.replace("Ann", "Anne").replace("2,Bo,2026-01-02\n", ""))
    result = far.land()
    assert (result.replaced, result.unchanged, result.deleted) == (1, 1, 1)
    bucket.put("in/customers9.csv", ROWS.replace("Ann", "Anne").replace("2,Bo,2026-01-02\n", ""))
    bucket.delete("in/customers1.csv")
    result = far.land()
    assert (result.unchanged, result.deleted) == (2, 0)
    assert names(far) == [("Anne", "customers9.csv"), ("Cy", "customers2.csv")]
    bucket.put("in/customers8.csv", "id,name,changed\n3,Cy,2026-01-03\n")
    assert far.land().delivered == 0


def test_the_same_content_under_a_new_tag_is_fetched_once_more_and_lands_nothing(far: Desk, bucket: Bucket) -> None:
    """An upload in parts has another ETag than the same bytes in one."""
    bucket.put("in/customers1.csv", ROWS)
    far.land()
    upload = bucket.client.create_multipart_upload(Bucket="drops", Key="in/customers1.csv")
    place = {"Bucket": "drops", "Key": "in/customers1.csv", "UploadId": upload["UploadId"]}
    part = bucket.client.upload_part(**place, PartNumber=1, Body=ROWS.encode())
    bucket.client.complete_multipart_upload(
        **place, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    )
    assert (far.land().delivered, len(bucket.fetched)) == (0, 2)
    assert (far.land().delivered, len(bucket.fetched)) == (0, 2)


def test_a_changed_mapping_fetches_what_it_needs(far: Desk, bucket: Bucket) -> None:
    bucket.put("in/customers1.csv", ROWS)
    far.land()
    far.feeds = CUSTOMERS.replace("customer_name: name", "customer_name: upper(name)")
    assert far.land().replaced == 2
    assert bucket.fetched == ["customers1.csv"] * 2


def test_more_objects_than_one_answer_lists_and_patterns_over_folders(
    far: Desk, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "_PAGE_KEYS", 2)
    far.feeds = CUSTOMERS.replace("customers*.csv", "2026/**/客户 ?+*.csv.gz").replace("csv.gz", "csv")
    for number in range(5):
        bucket.put(f"in/2026/{number}.txt", "x")
    bucket.put("in/2026/客户 1+.csv", ROWS)
    bucket.put("in/2026/07/01/客户 2+x.csv", "id,name,changed\n3,Cy,2026-01-03\n")
    bucket.put("in/2026/07/", "")
    assert far.land().inserted == 3
    assert names(far)[1:] == [("Bo", "2026/客户 1+.csv"), ("Cy", "2026/07/01/客户 2+x.csv")]


def test_an_object_of_several_parts_arrives_whole(far: Desk, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_PART_BYTES", 1000)
    rows = "".join(f"{number},{'x' * 50},2026-01-01\n" for number in range(200))
    bucket.put("in/customers1.csv", "id,name,changed\n" + rows)
    assert far.land().inserted == 200


def refused(far: Desk, message: str, kind: type[Exception] = SourceError) -> None:
    with pytest.raises(kind, match=message) as caught:
        far.land()
    assert type(caught.value) is kind
    assert str(caught.value).startswith("feed customers, source drops (profile line 18): ")
    for shown in (str(caught.value), repr(caught.value), repr(far.profile)):
        assert SECRET not in shown
        assert KEY not in shown


def test_a_bucket_or_objects_that_are_not_there_are_named(far: Desk, bucket: Bucket) -> None:
    refused(far, r"no file matches s3://drops/in/customers\*\.csv; deliver one, correct `path`")
    far.head = far.head.replace("s3://drops/in", "s3://nowhere/in")
    refused(far, r"cannot list s3://nowhere/in/: NoSuchBucket, .*; correct `root` of the source")
    bucket.put("in/customers1.csv", ROWS)
    far.head = far.head.replace("s3://nowhere/in", "s3://drops/in")
    assert far.land().inserted == 2


@pytest.fixture
def strict(bucket: Bucket) -> Iterator[dict[str, str]]:
    """The store asks who we are and what we may: the keys of a user who may do nothing."""
    users = boto3.client(
        "iam", endpoint_url=bucket.url, region_name="us-east-1", aws_access_key_id=KEY, aws_secret_access_key=SECRET
    )
    users.create_user(UserName="reader")
    keys = users.create_access_key(UserName="reader")["AccessKey"]
    users.put_user_policy(
        UserName="reader",
        PolicyName="list",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::drops"}],
            }
        ),
    )
    requests.post(f"{bucket.url}/moto-api/reset-auth", data=b"0", timeout=10)
    yield {"KEY": keys["AccessKeyId"], "SECRET": keys["SecretAccessKey"]}
    requests.post(f"{bucket.url}/moto-api/reset-auth", data=b"inf", timeout=10)


def test_wrong_keys_and_missing_rights_are_told_apart(far: Desk, bucket: Bucket, strict: dict[str, str]) -> None:
    requests.post(f"{bucket.url}/moto-api/reset-auth", data=b"inf", timeout=10)
    bucket.put("in/customers1.csv", ROWS)
    requests.post(f"{bucket.url}/moto-api/reset-auth", data=b"0", timeout=10)
    refused(far, r"cannot list s3://drops/in/: InvalidAccessKeyId, .*; correct access_key and secret_key")
    far.environment = {"KEY": strict["KEY"], "SECRET": SECRET}
    refused(far, r"cannot list s3://drops/in/: SignatureDoesNotMatch, .*; correct access_key and secret_key")
    far.environment = strict
    refused(far, r"cannot read s3://drops/in/customers1\.csv: (403|AccessDenied), .*; let these keys list the bucket")


def test_no_keys_at_all_is_said(far: Desk, bucket: Bucket) -> None:
    bucket.put("in/customers1.csv", ROWS)
    far.head = far.head.replace("    access_key: ${KEY}\n    secret_key: ${SECRET}\n", "\n\n")
    refused(far, r"there are no keys; write access_key and secret_key in the source, or set AWS_ACCESS_KEY_ID")


def test_keys_of_the_environment_are_taken(far: Desk, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket.put("in/customers1.csv", ROWS)
    far.head = far.head.replace("    access_key: ${KEY}\n    secret_key: ${SECRET}\n", "")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    assert far.land().inserted == 2


def test_a_store_that_does_not_answer_may_pass(far: Desk, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(stores._CONNECTION, "retries", {"max_attempts": 1})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{free.getsockname()[1]}"
    far.head = far.head.replace(bucket.url, closed)
    refused(far, rf"cannot list s3://drops/in/: no answer from {closed} \(\w+\); see whether it runs", TransientError)
    far.head = far.head.replace(closed, bucket.url)
    bucket.put("in/customers1.csv", ROWS)
    assert far.land().inserted == 2


def test_a_lost_connection_is_opened_anew(bucket: Bucket) -> None:
    bucket.put("in/customers1.csv", ROWS)
    with Sessions() as sessions:
        store = ObjectStore(bucket.source(), sessions)
        assert len(store.entries("*.csv")) == 1
        first = sessions.get("drops", store._open)
        with pytest.raises(TransientError), store._reading("read it"):
            raise BotoCoreError
        assert sessions.get("drops", store._open) is not first


def test_an_object_that_vanishes_after_the_listing_may_pass(
    far: Desk, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.put("in/customers1.csv", ROWS)
    entries = ObjectStore.entries

    def then_gone(self: ObjectStore, pattern: str) -> list[Entry]:
        listed = entries(self, pattern)
        bucket.delete("in/customers1.csv")
        return listed

    monkeypatch.setattr(ObjectStore, "entries", then_gone)
    refused(far, r"customers1\.csv was taken away after it was listed; run again", TransientError)


def test_an_object_that_changes_after_the_listing_may_pass(
    far: Desk, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.put("in/customers1.csv", ROWS)
    entries = ObjectStore.entries

    def then_changed(self: ObjectStore, pattern: str) -> list[Entry]:
        listed = entries(self, pattern)
        bucket.put("in/customers1.csv", ROWS + "3,Cy,2026-01-03\n")
        return listed

    with monkeypatch.context() as patch:
        patch.setattr(ObjectStore, "entries", then_changed)
        refused(far, r"customers1\.csv was changed while it was read; run again", TransientError)
    assert far.land().inserted == 3


def test_parts_of_two_versions_never_mix(far: Desk, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_PART_BYTES", 20)
    bucket.put("in/customers1.csv", ROWS)
    fetch_range = S3File._fetch_range

    def then_changed(self: S3File, start: int, end: int) -> bytes:
        part: bytes = fetch_range(self, start, end)
        bucket.put("in/customers1.csv", ROWS.replace("Ann", "Eve"))
        return part

    monkeypatch.setattr(S3File, "_fetch_range", then_changed)
    refused(far, r"cannot read s3://drops/in/customers1\.csv: it was changed while it was read", TransientError)


@pytest.mark.parametrize(
    ("name", "pattern", "is_match"),
    [
        ("a.csv", "*.csv", True),
        ("a/b.csv", "*.csv", False),
        ("a/b.csv", "*/*.csv", True),
        ("a/b/c.csv", "a/**/*.csv", True),
        ("a/c.csv", "a/**/*.csv", True),
        ("b/c.csv", "a/**/*.csv", False),
        ("a[1].csv", "a[[]1].csv", True),
        ("A.csv", "a.csv", False),
        ("a\n.csv", "a?.csv", True),
    ],
)
def test_patterns_mean_the_same_as_in_a_folder(tmp_path: Path, name: str, pattern: str, is_match: bool) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).touch()
    assert matches(name, pattern) is is_match
    assert [path.is_file() for path in tmp_path.glob(pattern)] == [True] * is_match


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("root: gs://bucket/in", "expected a folder, or s3://bucket/prefix"),
        ("root: s3:///", "expected a folder, or s3://bucket/prefix"),
        ("root: s3://b\n    access_key: x", "access_key and secret_key belong together"),
        ("root: s3://b\n    endpoint_url: https://user:canary@host", "expected no user, password or parameters"),
    ],
)
def test_a_source_that_cannot_be_is_a_mistake_of_the_profile(desk: Desk, written: str, message: str) -> None:
    desk.head = HEAD.replace('root: "${PROFILE_DATA}/drops"', written)
    with pytest.raises(ProfileError, match=message):
        _ = desk.profile

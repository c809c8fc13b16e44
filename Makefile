# The same two commands as the README, for those whose fingers type make, and the making of the three lock files.
COMPILE = uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --quiet

.PHONY: up test lock
up:
	python3 manage.py up
test:
	python3 manage.py test
lock:
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra embeddings --constraint requirements.lock --output-file requirements-embeddings.lock
	$(COMPILE) --group test --extra embeddings --constraint requirements.lock --output-file requirements-test.lock

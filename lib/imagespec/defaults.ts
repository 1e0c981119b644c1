/** The flytekit that is installed when the packages name none. Newest known on 2026-11-23. */
export const DEFAULT_FLYTEKIT_VERSION = '1.16.31';

/** flytekit's own helper images since 1.14.0. */
export const DEFAULT_UV_IMAGE = 'ghcr.io/astral-sh/uv:0.5.1';
export const DEFAULT_MICROMAMBA_IMAGE =
  'mambaorg/micromamba:2.0.3-debian12-slim';

export const DEFAULT_BASE_IMAGE = 'debian:bookworm-slim';

/**
 * The Python of a spec that names none. flytekit takes the version of the machine that registers, which nobody here
 * can know, so one is fixed and shown.
 */
export const DEFAULT_PYTHON_VERSION = '3.12';

export const DEFAULT_PLATFORM = 'linux/amd64';

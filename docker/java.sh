#!/usr/bin/env bash
# Says in one sentence what to do where there is no Java 17 or newer, as Spark will look for it.
set -eu
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
advice="install one: apt-get install openjdk-17-jre-headless (Debian), dnf install java-21-openjdk-headless (Fedora), brew install openjdk@17 (macOS), and set JAVA_HOME to it where it is not the first on PATH"
if ! command -v "$java" >/dev/null 2>&1; then
    echo "Java 17 or newer is needed and there is no $java: $advice" >&2
    exit 2
fi
major=$("$java" -version 2>&1 | sed -n 's/.*version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -n 1)
if [ "${major:-0}" -lt 17 ]; then
    echo "Java 17 or newer is needed and $java is version ${major:-unknown}: $advice" >&2
    exit 2
fi

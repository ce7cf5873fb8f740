namespace Can.Engine.Tests.Containers.Files;

/// <summary>Trees with everything that a file system can hold, made and described by ordinary tools.</summary>
internal static class FileTrees
{
    /// <summary>A shell script that fills the working directory; runs in busybox too.</summary>
    public const string Script = """
        set -e; umask 022
        mkdir -p usr/bin etc empty "$(printf 'latin-\344-\377')"; head -c 3000000 /dev/urandom > usr/big; : > etc/nothing
        echo x > usr/bin/tool; chmod 4755 usr/bin/tool; ln usr/bin/tool usr/bin/alias; ln -s usr/bin bin; ln -s /nowhere/at/all etc/dangling
        mkfifo etc/fifo; mknod etc/null c 1 3; mknod etc/disk b 8 77; chmod 1777 empty; chmod 2755 etc
        echo y > "$(printf 'bad\001\n name')"; long=$(printf 'n%.0s' $(seq 200)); mkdir "$long" "$long/$long"; echo z > "$long/$long/$long"
        i=0; deep=deep; while [ $i -lt 60 ]; do deep=$deep/d; i=$((i+1)); done; mkdir -p $deep; echo bottom > $deep/file
        truncate -s 10M sparse; printf data | dd of=sparse bs=1 seek=5000000 conv=notrunc 2>/dev/null
        chown 12345:54321 usr/big; chown 3000000000:3000000001 empty; chown -h 7:8 bin; touch -d '2001-02-03 04:05:06' usr/big
        touch -d '2010-10-10 10:10:10' usr/bin usr empty etc .
        """;

    /// <summary>Type, mode, owner, size, times, link text, device and link count of every name, and the content.</summary>
    public const string Description = """
        find . -printf '%P %y %#m %U:%G %s %T@ %l %n\n' | sed -E 's/^(.*) d (.*) [0-9]+ ([0-9.-]+)  [0-9]+$/\1 d \2 \3/' | LC_ALL=C sort
        find . \( -type b -o -type c \) -exec stat -c '%n %t:%T' {} + | sort
        find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
        """;
}

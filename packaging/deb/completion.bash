complete -o default -C /usr/bin/hearthd hearthd

#compdef hearthd
autoload -U +X bashcompinit && bashcompinit
complete -o default -C /usr/bin/hearthd hearthd

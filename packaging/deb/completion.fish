complete --command hearthd --arguments '(COMP_LINE=(commandline -cp) /usr/bin/hearthd)'

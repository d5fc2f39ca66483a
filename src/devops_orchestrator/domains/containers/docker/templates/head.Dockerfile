# syntax=docker/dockerfile:1
%% if context
# The lockfile is in <[ context ]>, so that folder is the build context:
#   docker build -f <[ dockerfile ]> -t <[ image ]> <[ where ]>
%% endif

# syntax=docker/dockerfile:1
%% if reason
# <[ reason ]>, so that folder is the build context:
#   docker build -f <[ dockerfile ]> -t <[ image ]> <[ where ]>
%% endif

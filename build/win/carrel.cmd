@echo off
rem The command line: the app's own program as plain Node.
setlocal
set ELECTRON_RUN_AS_NODE=1
"%~dp0carrel-app.exe" "%~dp0resources\app.asar\out\main\cli.js" %*

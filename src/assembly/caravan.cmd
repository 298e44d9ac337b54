@echo off
rem Starts Caravan from any folder, with Java alone; the settings are those of the script "caravan" beside this one.
rem The stores of this machine need Linux or macOS (or WSL): point caravan.ledger.uri and the others at servers.
setlocal DisableDelayedExpansion

set "HOME_FOLDER=%~dp0"
set "HOME_FOLDER=%HOME_FOLDER:~0,-1%"
set "CALLER=%CD%"

set "JAVA=java"
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "JAVA=%JAVA_HOME%\bin\java.exe"
"%JAVA%" --version >nul 2>&1
if errorlevel 1 (
  echo caravan: Java 17 or newer must be installed; install it, or set JAVA_HOME to one 1>&2
  exit /b 2
)
if not exist "%HOME_FOLDER%\caravan.jar" (
  echo caravan: caravan.jar must be beside caravan.cmd; unpack caravan-VERSION.zip, or build it: mvn package 1>&2
  exit /b 2
)

set "PROJECT=%HOME_FOLDER%"
if defined CARAVAN_HOME set "PROJECT=%CARAVAN_HOME%"
if exist "%CALLER%\application.properties" set "PROJECT=%CALLER%"
if exist "%CALLER%\routes\" set "PROJECT=%CALLER%"
if not exist "%PROJECT%\" (
  echo caravan: CARAVAN_HOME must be a folder, got '%PROJECT%' 1>&2
  exit /b 2
)
for %%F in ("%PROJECT%") do set "PROJECT=%%~fF"

set "DATA=%PROJECT%\data"
if defined CARAVAN_DATA_DIR for %%F in ("%CARAVAN_DATA_DIR%") do set "DATA=%%~fF"

cd /d "%PROJECT%"
"%JAVA%" -Dfile.encoding=UTF-8 -DOPT_OUT_TRACKING=true "-Dcaravan.home=%HOME_FOLDER%" "-Dcaravan.project=%PROJECT%" "-Dcaravan.caller=%CALLER%" "-Dcaravan.data.dir=%DATA%" -Dcaravan.command=caravan %CARAVAN_JAVA_OPTS% -jar "%HOME_FOLDER%\caravan.jar" %*
exit /b %ERRORLEVEL%

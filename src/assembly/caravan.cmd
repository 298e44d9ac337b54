@echo off
rem Starts Caravan from any folder, with Java alone; the settings are those of the script "caravan" beside this one.
rem The stores of this machine need Linux or macOS (or WSL): point caravan.ledger.uri and the others at servers.
rem No path stands inside a block of parentheses: one of its own, as in "Program Files (x86)", would end the block.
setlocal DisableDelayedExpansion
set "VERSION="
set "MAJOR="

set "HOME_FOLDER=%~dp0"
set "HOME_FOLDER=%HOME_FOLDER:~0,-1%"
set "CALLER=%CD%"

set "JAVA=java"
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "JAVA=%JAVA_HOME%\bin\java.exe"
"%JAVA%" --version >nul 2>&1
if errorlevel 1 goto nojava
rem the first line says: openjdk 17.0.9 2023-10-17
for /f "tokens=2" %%V in ('call "%JAVA%" --version 2^>nul') do if not defined VERSION set "VERSION=%%V"
for /f "delims=.+-" %%M in ("%VERSION%") do set "MAJOR=%%M"
if not defined MAJOR set "MAJOR=17"
if %MAJOR% LSS 17 goto nojava
if not exist "%HOME_FOLDER%\caravan.jar" goto nojar

set "PROJECT=%HOME_FOLDER%"
if defined CARAVAN_HOME set "PROJECT=%CARAVAN_HOME%"
if exist "%CALLER%\routes\" set "PROJECT=%CALLER%"
if exist "%CALLER%\application.properties" set "PROJECT=%CALLER%"
if exist "%CALLER%\datasets\" set "PROJECT=%CALLER%"
if exist "%CALLER%\config\datasets\" set "PROJECT=%CALLER%"
if exist "%CALLER%\jobs\" set "PROJECT=%CALLER%"
if exist "%CALLER%\config\jobs\" set "PROJECT=%CALLER%"
if not exist "%PROJECT%\" goto nofolder
for %%F in ("%PROJECT%") do set "PROJECT=%%~fF"

set "DATA=%PROJECT%\data"
if defined CARAVAN_DATA_DIR for %%F in ("%CARAVAN_DATA_DIR%") do set "DATA=%%~fF"

rem a backslash before a quote would hide the quote from Java
if "%CALLER:~-1%"=="\" set "CALLER=%CALLER%."
if "%PROJECT:~-1%"=="\" set "PROJECT=%PROJECT%."
if "%DATA:~-1%"=="\" set "DATA=%DATA%."

rem commands that are over soon are not compiled thoroughly, those that may be long what is called often, and serve as ever
set "COMPILE=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
for %%C in (run plan verify backfill adopt demo jobs dead-letters) do if "%~1"=="%%C" set "COMPILE=-XX:Tier4InvocationThreshold=200000 -XX:Tier4MinInvocationThreshold=24000 -XX:Tier4CompileThreshold=600000 -XX:Tier4BackEdgeThreshold=1600000"

rem its counters cost Java a twentieth of a start, and only what is there for long is looked at by them
set "COUNTERS=-XX:-UsePerfData"
if "%~1"=="serve" set "COUNTERS="
if "%~1"=="serve" set "COMPILE="

cd /d "%PROJECT%"
"%JAVA%" -Xlog:disable -Xlog:all=error:stderr -Dfile.encoding=UTF-8 -DOPT_OUT_TRACKING=true "-Dcaravan.home=%HOME_FOLDER%" "-Dcaravan.project=%PROJECT%" "-Dcaravan.caller=%CALLER%" "-Dcaravan.data.dir=%DATA%" -Dcaravan.command=caravan -Xshare:auto %COMPILE% %COUNTERS% %CARAVAN_JAVA_OPTS% -jar "%HOME_FOLDER%\caravan.jar" %*
exit /b %ERRORLEVEL%

:nojava
echo caravan: Java 17 or newer must be installed; install it, or set JAVA_HOME to one 1>&2
exit /b 2

:nojar
echo caravan: caravan.jar must be beside caravan.cmd; unpack caravan-VERSION.zip, or build it: mvn package 1>&2
exit /b 2

:nofolder
echo caravan: CARAVAN_HOME must be a folder, got '%PROJECT%' 1>&2
exit /b 2

@echo off
rem Starts ulmfit on Windows (untested). ULMFIT_HEAP, ULMFIT_JAVA_OPTS and JAVA_HOME as in bin/ulmfit.
setlocal
for %%d in ("%~dp0..") do set "ULMFIT_DIR=%%~fd"
set "ULMFIT_JAVA=java"
if defined JAVA_HOME set "ULMFIT_JAVA=%JAVA_HOME:"=%\bin\java"
if exist "%ULMFIT_DIR%\runtime\bin\java.exe" set "ULMFIT_JAVA=%ULMFIT_DIR%\runtime\bin\java"
where "%ULMFIT_JAVA%" >nul 2>nul
if not errorlevel 1 goto found
if exist "%ULMFIT_JAVA%.exe" goto found
echo ulmfit: no Java found (%ULMFIT_JAVA%); install JDK 17 or set JAVA_HOME 1>&2
exit /b 1
:found
if not defined ULMFIT_HEAP set "ULMFIT_HEAP=2g"
if not defined OMP_NUM_THREADS set "OMP_NUM_THREADS=%NUMBER_OF_PROCESSORS%"
if not defined MKL_NUM_THREADS set "MKL_NUM_THREADS=%OMP_NUM_THREADS%"
rem libtorch warns of a deprecation inside DJL at the first call; errors still come through.
if not defined TORCH_CPP_LOG_LEVEL set "TORCH_CPP_LOG_LEVEL=ERROR"
rem Training a tokenizer is seconds of work: the better compiler takes longer than it saves.
set "ULMFIT_COMPILER="
if "%~1"=="train-tokenizer" set "ULMFIT_COMPILER=-XX:TieredStopAtLevel=1"
"%ULMFIT_JAVA%" -Xmx%ULMFIT_HEAP% -XX:+UseParallelGC -XX:-UsePerfData -Dfile.encoding=UTF-8 -Dai.djl.offline=true -Xlog:disable -Xlog:all=error:stderr "-Dulmfit.home=%ULMFIT_DIR%\." %ULMFIT_COMPILER% %ULMFIT_JAVA_OPTS% -cp "%ULMFIT_DIR%\lib\*" org.ulmfit.cli.Main %*
exit /b %ERRORLEVEL%

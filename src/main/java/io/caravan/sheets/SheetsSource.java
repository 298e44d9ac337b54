package io.caravan.sheets;

import com.google.api.services.sheets.v4.model.SheetProperties;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.object.Glob;
import io.caravan.record.FieldNames;
import io.caravan.record.Kinds;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * The tabs of a spreadsheet, each an object with a header row. The API tells no version of a tab, so each is read in every
 * run.
 *
 * <ul>
 *   <li>out: text, true or false, numbers (whole ones as Long), dates and local times of the columns that are declared so; an
 *       empty cell, or an empty text, is null; a row of empty cells is no record
 * </ul>
 */
public final class SheetsSource implements Source, CamelContextAware {

    private final SheetsApi api;
    private final TabsAhead ahead;
    private final Set<String> tabs;
    private final Glob tabPattern;
    private final List<String> keyFields;
    private final int headerRow;
    private final int pageRows;
    private final TabForm form;
    /** By tab; empty where no mapping says which. */
    private final Map<String, TabForm> mapped;

    /**
     * @param tabs the names of the tabs, comma separated; blank for all that fit {@code tabPattern}
     * @param tabPattern what the names of the tabs are like: {@code *} any text, {@code ?} any character
     * @param keyFields the fields that identify a record, comma separated
     * @param headerRow the row with the names of the fields, from 1; records begin below
     * @param pageRows how many rows are asked for at once
     * @param dateColumns the fields that are dates, comma separated
     * @param dateTimeColumns the fields that are dates with time
     * @param mapping a file that says which tabs are kinds of records, see {@link TabMapping}; blank for tabs of one kind
     */
    public SheetsSource(
            SheetsApi api,
            Object tabs,
            String tabPattern,
            String keyFields,
            int headerRow,
            int pageRows,
            String dateColumns,
            String dateTimeColumns,
            String mapping) {
        this.api = api;
        this.tabs = new LinkedHashSet<>(SettingList.of(tabs.toString()));
        Set<String> dates = new LinkedHashSet<>(SettingList.of(dateColumns));
        Set<String> dateTimes = new LinkedHashSet<>(SettingList.of(dateTimeColumns));
        boolean kinds = !mapping.isBlank();
        boolean others = !this.tabs.isEmpty() || !keyFields.isBlank() || !dates.isEmpty() || !dateTimes.isEmpty();
        new SettingChecks("google-sheets-source")
                .must(
                        !kinds || (!others && tabPattern.equals("*")),
                        "mapping",
                        "stand alone: it says tabs, key and dates, so tabs, tabPattern, keyFields and the date columns are blank",
                        mapping)
                .notBlank("tabPattern", tabPattern)
                .must(
                        kinds || !SettingList.of(keyFields).isEmpty(),
                        "keyFields",
                        "name at least one field, or mapping a file",
                        keyFields)
                .between("headerRow", headerRow, 1, 10_000_000)
                .between("pageRows", pageRows, 1, 100_000)
                .must(
                        dates.stream().noneMatch(dateTimes::contains),
                        "dateTimeColumns",
                        "not be dateColumns",
                        dateTimeColumns)
                .check();
        this.mapped = kinds ? TabMapping.load(mapping) : Map.of();
        this.keyFields = kinds
                ? Kinds.KEY
                : FieldNames.of(SettingList.of(keyFields)).stream().distinct().toList();
        this.form = TabForm.of(this.keyFields, dates, dateTimes);
        this.tabPattern = new Glob(tabPattern);
        this.headerRow = headerRow;
        this.pageRows = pageRows;
        this.ahead = new TabsAhead(api, headerRow, pageRows);
    }

    /** One of tabs of one kind. */
    public SheetsSource(
            SheetsApi api,
            Object tabs,
            String tabPattern,
            String keyFields,
            int headerRow,
            int pageRows,
            String dateColumns,
            String dateTimeColumns) {
        this(api, tabs, tabPattern, keyFields, headerRow, pageRows, dateColumns, dateTimeColumns, "");
    }

    @Override
    public void setCamelContext(CamelContext context) {
        api.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return api.getCamelContext();
    }

    @Override
    public List<String> keyFields() {
        return keyFields;
    }

    @Override
    public Iterator<SourceObject> objects() {
        ahead.forget();
        if (!mapped.isEmpty()) return mappedTabs();
        List<SheetProperties> all = api.tabs();
        mustHold(all);
        return wanted(all).stream()
                .map(tab -> new SourceObject(tab.getTitle(), "", -1))
                .iterator();
    }

    /** Also those that are not there: each fails by itself, so that the others are read, and nothing is deleted. */
    private Iterator<SourceObject> mappedTabs() {
        return mapped.keySet().stream()
                .map(tab -> new SourceObject(tab, "", -1))
                .iterator();
    }

    private boolean wants(String tab) {
        if (!mapped.isEmpty()) return mapped.containsKey(tab);
        return tabs.isEmpty() ? tabPattern.matches(tab) : tabs.contains(tab);
    }

    private List<SheetProperties> wanted(List<SheetProperties> all) {
        return all.stream()
                .filter(tab -> wants(tab.getTitle()))
                .sorted(Comparator.comparing(SheetProperties::getTitle))
                .toList();
    }

    @Override
    public Optional<String> check() {
        try {
            mustHold(api.tabsAtOnce());
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    private void mustHold(List<SheetProperties> there) {
        List<String> all = there.stream().map(SheetProperties::getTitle).toList();
        for (String tab : mapped.isEmpty() ? tabs : mapped.keySet()) {
            if (!all.contains(tab)) {
                throw new ConfigurationException(
                        SettingChecks.sentence("google-sheets-source", "tabs", "be tabs of the spreadsheet", tab)
                                + "; create it or correct '" + (mapped.isEmpty() ? "tabs'" : "mapping'"));
            }
        }
    }

    @Override
    public RecordReader open(SourceObject object) {
        Optional<WholeTab> whole = ahead.take(object.name());
        if (whole.isPresent()) return reader(whole.get().listed(), whole);
        List<SheetProperties> listed = api.tabs();
        SheetProperties tab = TabsAhead.in(listed, object.name());
        List<SheetProperties> next = wanted(listed).stream()
                .filter(other -> other.getTitle().compareTo(object.name()) > 0)
                .toList();
        return reader(
                tab, ahead.read(Stream.concat(Stream.of(tab), next.stream()).toList()));
    }

    private SheetReader reader(SheetProperties tab, Optional<WholeTab> whole) {
        return new SheetReader(api, tab, whole, headerRow, pageRows, mapped.getOrDefault(tab.getTitle(), form));
    }
}
